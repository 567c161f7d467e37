import type { DirectoryRole } from './directory-roles.ts';

/** An application inside one tenant. */
export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly appOwnerOrganizationId: string;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  /** Directory roles given to the application itself, as unattended administration of Exchange needs one. */
  directoryRoles: DirectoryRole[];
}

/** A granted app role: to an application for a resource, or to a user for an application's own roles. */
export interface AppRoleAssignment {
  readonly id: string;
  readonly appRoleId: string;
  readonly principalId: string;
  readonly principalType: 'ServicePrincipal' | 'User';
  readonly principalDisplayName: string;
  /** Object id of the service principal that defines the role. */
  readonly resourceId: string;
  readonly resourceDisplayName: string;
  readonly createdAt: Date;
  /** New tokens carry the role from then on. */
  readonly inTokensFrom: Date;
  /** Set when revoked: the directory no longer lists it. */
  revokedAt: Date | null;
  /** New tokens still carry a revoked role until then. */
  inTokensUntil: Date | null;
}

/** Delegated scopes granted to a client for a resource, by one user or for everybody (`principalId` null). */
export interface PermissionGrant {
  readonly id: string;
  readonly clientAppId: string;
  readonly resourceAppId: string;
  readonly principalId: string | null;
  readonly scopes: Set<string>;
}
