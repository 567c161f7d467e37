import { type Capability, leastPermission } from '../mailbox-access/capability.ts';

/**
 * Application permissions the product uses beside mailboxes. Reading who is in the directory serves the list of users;
 * reading applications serves the verification of consent alone, and nothing is off without it.
 */
export const directoryPermissions = ['User.Read.All', 'Application.Read.All'] as const;

/** What an organization with these features asks Microsoft for: the least privileged app role of each, no more. */
export function permissionSet(needed: readonly Capability[]): readonly string[] {
  return [...needed.map(leastPermission), 'User.Read.All'];
}

/**
 * Whether a permission lets an application raise its own rights or take over the tenant. None may ever be asked for.
 * @see Microsoft Learn, Microsoft Graph permissions reference; Grant tenant-wide admin consent, caution
 */
export function isTierZero(permission: string): boolean {
  return tierZero.some((pattern) => pattern.test(permission));
}

const tierZero: readonly RegExp[] = [
  /^RoleManagement\w*\..*Write/,
  /^(RoleAssignmentSchedule|RoleEligibilitySchedule|PrivilegedAccess|PrivilegedAssignmentSchedule|PrivilegedEligibilitySchedule)\..*Write/,
  /^AppRoleAssignment\..*Write/,
  /^DelegatedPermissionGrant\..*Write/,
  /^Directory\..*Write/,
  /^Application\..*Write/,
  /^(Domain|Policy|Synchronization|EntitlementManagement|UserAuthenticationMethod|OnPremDirectorySynchronization)\b.*Write/,
  // Whoever may change groups may join one that holds an administrative role.
  /^(Group|GroupMember|RoleManagementPolicy|AdministrativeUnit)\..*Write/,
];
