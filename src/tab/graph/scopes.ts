/** Delegated permissions, asked for when the search that needs them is used first. */
export const peopleScopes = ['User.ReadBasic.All'] as const;
export const groupScopes = ['User.ReadBasic.All', 'GroupMember.Read.All'] as const;
