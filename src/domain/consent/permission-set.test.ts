import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptedPermissions, capabilities } from '../mailbox-access/capability.ts';
import { appRoleIds } from './app-role.ts';
import {
  directoryPermissions,
  groupPermission,
  isGrantable,
  isTierZero,
  permissionSet,
  tierZeroPower,
} from './permission-set.ts';

const path = new URL('../../../../shared/data/graph-permissions.json', import.meta.url);

interface GraphPermissions {
  microsoftGraph: { id: string; name: string; type: 'Application' | 'Delegated' }[];
}

function appRolesOfMicrosoft(): ReadonlyMap<string, string> {
  if (!existsSync(path)) throw new Error(`Microsoft's permission data is missing: it is expected at ${path.pathname}`);
  const { microsoftGraph } = JSON.parse(readFileSync(path, 'utf8')) as GraphPermissions;
  return new Map(microsoftGraph.filter(({ type }) => type === 'Application').map(({ id, name }) => [name, id]));
}

const accepted = capabilities.flatMap((capability) => [...acceptedPermissions[capability]]);

test.each([...new Set([...accepted, ...directoryPermissions, groupPermission])])(
  'the app role id of %s is Microsoft’s',
  (permission) => {
    expect(appRoleIds[permission]).toBeDefined();
    expect(appRoleIds[permission]).toBe(appRolesOfMicrosoft().get(permission));
  },
);

test('nothing is in the table of ids that the product neither asks for nor accepts', () => {
  expect(new Set(Object.keys(appRoleIds))).toEqual(new Set([...accepted, ...directoryPermissions, groupPermission]));
});

test('no choice of features asks for a tier-0 permission, and none is accepted instead of a lesser one', () => {
  fc.assert(
    fc.property(fc.subarray([...capabilities]), (chosen) => {
      expect(permissionSet(chosen).filter(isTierZero)).toEqual([]);
    }),
  );
  expect([...accepted, ...directoryPermissions].filter(isTierZero)).toEqual([]);
});

test.each([
  'RoleManagement.ReadWrite.Directory',
  'RoleManagement.ReadWrite.Exchange',
  'RoleAssignmentSchedule.ReadWrite.Directory',
  'AppRoleAssignment.ReadWrite.All',
  'Directory.ReadWrite.All',
  'Directory.Write.Restricted',
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Policy.ReadWrite.PermissionGrant',
  'UserAuthenticationMethod.ReadWrite.All',
  'GroupMember.ReadWrite.All',
])('%s is tier 0', (permission) => {
  expect(isTierZero(permission)).toBe(true);
});

test('features ask for the least privileged permission of each, once', () => {
  expect(permissionSet(['mail', 'send'])).toEqual(['Mail.ReadBasic.All', 'Mail.Send', 'User.Read.All']);
});

test('only what the features or the directory need can be granted one by one, and nothing of tier 0', () => {
  expect(isGrantable('Mail.ReadBasic.All', ['mail'])).toBe(true);
  expect(isGrantable('Application.Read.All', ['mail'])).toBe(true);
  expect(isGrantable('Mail.Send', ['mail'])).toBe(false);
  expect(isGrantable('Mail.ReadWrite', ['mail'])).toBe(false);
  for (const permission of appRolesOfMicrosoft().keys()) {
    if (isTierZero(permission)) expect(isGrantable(permission, [...capabilities])).toBe(false);
  }
});

test.each([
  ['AppRoleAssignment.ReadWrite.All', 'grants_permissions'],
  ['Application.ReadWrite.OwnedBy', 'takes_over_applications'],
  ['RoleManagement.ReadWrite.Directory', 'assigns_directory_roles'],
  ['Directory.ReadWrite.All', 'changes_directory'],
  ['Policy.ReadWrite.ConditionalAccess', 'changes_sign_in'],
  ['UserAuthenticationMethod.ReadWrite.All', 'changes_sign_in'],
  ['Mail.ReadWrite', undefined],
] as const)('the power of %s is %s', (permission, power) => {
  expect(tierZeroPower(permission)).toBe(power);
});
