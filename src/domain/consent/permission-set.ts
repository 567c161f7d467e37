import { type Capability, leastPermission } from '../mailbox-access/capability.ts';

/**
 * Application permissions the product uses beside mailboxes. Reading who is in the directory serves the list of users;
 * reading applications serves the verification of consent alone, and nothing is off without it.
 */
export const directoryPermissions = ['User.Read.All', 'Application.Read.All'] as const;

/** Reads who is in a group; used where a rule puts the members of one into an organization. */
export const groupPermission = 'GroupMember.Read.All';

/** Whether a permission serves the lists of people and groups, and no mailbox. */
export function isOfDirectory(permission: string): boolean {
  return [...directoryPermissions, groupPermission].some((one) => one === permission);
}

/** What an organization with these features asks Microsoft for: the least privileged app role of each, no more. */
export function permissionSet(needed: readonly Capability[]): readonly string[] {
  return [...needed.map(leastPermission), 'User.Read.All'];
}

/** What a tier-0 permission lets an application do beyond what it was granted. */
export type TierZeroPower =
  | 'grants_permissions'
  | 'takes_over_applications'
  | 'assigns_directory_roles'
  | 'changes_directory'
  | 'changes_sign_in';

/**
 * The power of a permission that lets an application raise its own rights or take over the tenant.
 * @see Microsoft Learn, Microsoft Graph permissions reference; Grant tenant-wide admin consent, caution
 */
export function tierZeroPower(permission: string): TierZeroPower | undefined {
  return tierZero.find(([pattern]) => pattern.test(permission))?.[1];
}

/** Whether a permission is tier 0. None may ever be asked for or granted from here. */
export function isTierZero(permission: string): boolean {
  return tierZeroPower(permission) !== undefined;
}

const tierZero: readonly (readonly [RegExp, TierZeroPower])[] = [
  [/^RoleManagement\w*\..*Write/, 'assigns_directory_roles'],
  [
    /^(RoleAssignmentSchedule|RoleEligibilitySchedule|PrivilegedAccess|PrivilegedAssignmentSchedule|PrivilegedEligibilitySchedule)\..*Write/,
    'assigns_directory_roles',
  ],
  [/^AppRoleAssignment\..*Write/, 'grants_permissions'],
  [/^DelegatedPermissionGrant\..*Write/, 'grants_permissions'],
  [/^Directory\..*Write/, 'changes_directory'],
  [/^Application\..*Write/, 'takes_over_applications'],
  [/^UserAuthenticationMethod\b.*Write/, 'changes_sign_in'],
  [/^(Domain|Policy|Synchronization|EntitlementManagement|OnPremDirectorySynchronization)\b.*Write/, 'changes_sign_in'],
  // Whoever may change groups may join one that holds an administrative role.
  [/^(Group|GroupMember|AdministrativeUnit)\..*Write/, 'changes_directory'],
];

/** Whether the product may grant a permission one by one: what it has a use for, and never tier 0. */
export function isGrantable(permission: string, needed: readonly Capability[]): boolean {
  if (isTierZero(permission)) return false;
  return [...permissionSet(needed), ...directoryPermissions, groupPermission].includes(permission);
}
