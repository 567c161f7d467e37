import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  acceptedPermissions,
  capabilities,
  isProbed,
  isServedBy,
  leastPermission,
  type ProbedCapability,
} from './capability.ts';

const path = new URL('../../../../shared/data/permission-paths.json', import.meta.url);

interface PermissionPaths {
  paths: Record<string, { methods: { GET: { application: { leastPrivileged: string[]; otherAccepted: string[] } } } }>;
}

function applicationPermissions(graphPath: string) {
  if (!existsSync(path)) throw new Error(`Microsoft's permission data is missing: it is expected at ${path.pathname}`);
  const entry = (JSON.parse(readFileSync(path, 'utf8')) as PermissionPaths).paths[graphPath];
  if (!entry) throw new Error(`Microsoft's permission data has no ${graphPath}`);
  return entry.methods.GET.application;
}

const probedPaths: Record<ProbedCapability, string> = {
  mail: '/users/{user-id}/mailFolders/{mailFolder-id}',
  // Calendar delta, which sync needs, asks for more than reading the calendar itself.
  calendar: '/users/{user-id}/calendarView/delta()',
  contacts: '/users/{user-id}/contacts',
  settings: '/users/{user-id}/mailboxSettings',
};

test.each(capabilities.filter(isProbed))(
  'Microsoft names the permissions of %s, and ours is the least privileged',
  (capability) => {
    const { leastPrivileged, otherAccepted } = applicationPermissions(probedPaths[capability]);
    expect(leastPrivileged).toContain(leastPermission(capability));
    expect([...leastPrivileged, ...otherAccepted]).toEqual(
      expect.arrayContaining([...acceptedPermissions[capability]]),
    );
  },
);

test('sending is served by Mail.Send alone: no permission to read mail contains it', () => {
  expect(acceptedPermissions.send).toEqual(['Mail.Send']);
  expect(isServedBy('send', ['Mail.ReadWrite'])).toBe(false);
  expect(isServedBy('mail', ['Mail.Send'])).toBe(false);
});
