/** Something configured in Exchange, with the history that Graph's permission cache lags behind. */
interface Configured {
  readonly createdAt: Date;
  removedAt: Date | null;
}

/** @see Microsoft Learn, New-ApplicationAccessPolicy */
export interface ApplicationAccessPolicy extends Configured {
  /** `<tenant>\<app>:<group>;<policy>`. */
  readonly identity: string;
  readonly appId: string;
  readonly groupId: string;
  readonly accessRight: 'RestrictAccess' | 'DenyAccess';
  description: string;
}

/** Exchange's pointer to a service principal of Entra. @see Microsoft Learn, New-ServicePrincipal */
export interface ServicePrincipalPointer extends Configured {
  readonly appId: string;
  readonly objectId: string;
  displayName: string;
}

/** @see Microsoft Learn, New-ManagementScope */
export interface ManagementScope extends Configured {
  readonly name: string;
  readonly recipientFilter: string;
}

/** @see Microsoft Learn, New-ManagementRoleAssignment, parameter set App */
export interface RoleAssignment extends Configured {
  readonly name: string;
  readonly objectId: string;
  readonly role: string;
  readonly scope:
    | { readonly kind: 'organization' }
    | { readonly kind: 'management_scope'; readonly name: string }
    | { readonly kind: 'group'; readonly groupId: string };
}

/**
 * What Get-OrganizationConfig says of Exchange Web Services.
 * @see Microsoft Learn, Set-OrganizationConfig; exchange-scoping reference §7
 */
export interface EwsConfiguration {
  /** EwsEnabled. Microsoft's rollout makes it false where it was never set. */
  enabled: boolean | null;
  /** EwsAllowedAppIDs: one text with commas, which every write replaces. */
  allowedAppIds: string;
  applicationAccessPolicy: 'EnforceAllowList' | 'EnforceBlockList' | null;
  /** EwsAllowList and EwsBlockList: user agents, `*` at an end for any text. */
  allowList: string[];
  blockList: string[];
}
