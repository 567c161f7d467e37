/**
 * Directory roles with the ids of their templates, which are the values of the `wids` claim.
 * @see Microsoft Learn, Microsoft Entra built-in roles
 */
export const directoryRoles = {
  globalAdministrator: { displayName: 'Global Administrator', templateId: '62e90394-69f5-4237-9190-012177145e10' },
  privilegedRoleAdministrator: {
    displayName: 'Privileged Role Administrator',
    templateId: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  },
  applicationAdministrator: {
    displayName: 'Application Administrator',
    templateId: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  },
  cloudApplicationAdministrator: {
    displayName: 'Cloud Application Administrator',
    templateId: '158c047a-c907-4556-b7ef-446551a6b5f7',
  },
  exchangeAdministrator: { displayName: 'Exchange Administrator', templateId: '29232cdf-9323-42fd-ade2-1d097af3e4de' },
  teamsAdministrator: { displayName: 'Teams Administrator', templateId: '69091246-20e8-4a56-aa4d-066075b2a7a8' },
  globalReader: { displayName: 'Global Reader', templateId: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451' },
  userAdministrator: { displayName: 'User Administrator', templateId: 'fe930be7-5e62-47db-91af-98c3a49a38b1' },
} as const;

export type DirectoryRole = keyof typeof directoryRoles;

/** In the tokens of ordinary members, beside their directory roles. */
export const memberRoleTemplateId = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

/**
 * Who may consent for the whole tenant.
 * @see Microsoft Learn, Grant tenant-wide admin consent to an application, Prerequisites
 */
export function mayConsent(roles: readonly DirectoryRole[], to: 'graph_application_permissions' | 'others'): boolean {
  const allowed: readonly DirectoryRole[] =
    to === 'graph_application_permissions'
      ? ['globalAdministrator', 'privilegedRoleAdministrator']
      : [
          'globalAdministrator',
          'privilegedRoleAdministrator',
          'applicationAdministrator',
          'cloudApplicationAdministrator',
        ];
  return roles.some((role) => allowed.includes(role));
}
