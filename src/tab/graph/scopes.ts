/** Delegated permissions, asked for when the search that needs them is used first. */
export const peopleScopes = ['User.ReadBasic.All'] as const;
export const groupScopes = ['User.ReadBasic.All', 'GroupMember.Read.All'] as const;

/**
 * To list what the application holds, and to change it. The second lets its holder grant anything to any application:
 * it is asked for by the click that needs it, and its token never leaves this page but for Microsoft Graph.
 */
export const grantReadingScopes = ['Application.Read.All'] as const;
export const grantChangingScopes = ['AppRoleAssignment.ReadWrite.All', 'Application.Read.All'] as const;
