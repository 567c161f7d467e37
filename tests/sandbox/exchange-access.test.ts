import { request } from 'node:https';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdministrativeUnitId, AppId, GroupId } from '../../src/domain/ids.ts';
import { type AccessConfiguration, effectiveAccess } from '../../src/domain/mailbox-access/effective-access.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';

// The product's rule and the sandbox's own code were written apart. Here each judges the other, through Graph itself.

const permissions = ['Mail.Read', 'Calendars.Read'] as const;
const paths = {
  'Mail.Read': (id: string) => `/v1.0/users/${id}/mailFolders/inbox?$select=id`,
  'Calendars.Read': (id: string) => `/v1.0/users/${id}/calendar?$select=id`,
};
const groups = [namedGroups.sales, namedGroups.salesEurope];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ settings: { exchangePropagationSeconds: 0 } });
});
afterAll(() => sandbox?.close());

function call(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      sandbox.url + path,
      { method, headers, ca: sandbox.certificateAuthority.certificate },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function appToken(): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: sandbox.registration.clientId,
    client_secret: sandbox.registration.secrets[0]?.value ?? '',
    scope: `${sandbox.url}/.default`,
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { text } = await call('POST', `/${sandbox.tenant.id}/oauth2/v2.0/token`, headers, form.toString());
  return JSON.parse(text).access_token;
}

const scenario = fc.record({
  granted: fc.subarray([...permissions]),
  policies: fc.array(fc.record({ group: fc.nat(1), deny: fc.boolean() }), { maxLength: 2 }),
  assignments: fc.array(
    fc.record({ permission: fc.constantFrom(...permissions), group: fc.option(fc.nat(1)), outside: fc.boolean() }),
    { maxLength: 2 },
  ),
});

test('the access rule predicts what the simulated Graph does, for policies, roles, unions and nested groups', async () => {
  const { tenant, registration } = sandbox;
  const { exchange, grants } = tenant;
  const principal = grants.addApplication();
  const [inSales, inEurope] = groups.map((group) =>
    tenant.groups.get(group.id)?.memberIds.find((id) => tenant.find(id)),
  );
  const outside = tenant.people.find(
    (person) =>
      person.mailbox.state === 'available' &&
      !groups.some((group) => tenant.transitiveMemberIds(group.id).includes(person.id)),
  );
  const people = [inSales, inEurope, outside?.id].filter((id) => id !== undefined);
  expect(people).toHaveLength(3);

  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      grants.revokeRoles();
      grants.grant(...given.granted);
      for (const list of [exchange.policies, exchange.assignments, exchange.scopes]) list.splice(0);
      for (const { group, deny } of given.policies) {
        const groupId = groups[group]?.id ?? '';
        exchange.addPolicy({
          appId: registration.clientId,
          groupId,
          accessRight: deny ? 'DenyAccess' : 'RestrictAccess',
          description: '',
        });
      }
      const assignments: AccessConfiguration['assignments'][number][] = [];
      for (const [index, { permission, group }] of given.assignments.entries()) {
        const role = `Application ${permission}`;
        const groupId = group === null ? undefined : groups[group]?.id;
        const name = `scope ${index}`;
        if (groupId) {
          exchange.addScope({ name, recipientFilter: `MemberOfGroup -eq '${exchange.distinguishedNameOf(groupId)}'` });
        }
        const scope = groupId ? ({ kind: 'management_scope', name } as const) : ({ kind: 'organization' } as const);
        exchange.addAssignment({ name: `assignment ${index}`, objectId: principal.id, role, scope });
        assignments.push({
          role,
          scope: groupId
            ? { kind: 'direct_members', groupIds: [groupId as GroupId], covers: 'members' }
            : { kind: 'organization' },
        });
      }

      const configuration: AccessConfiguration = {
        appId: registration.clientId as AppId,
        entraGrants: new Set(given.granted),
        policies: given.policies.map(({ group, deny }) => ({
          appId: registration.clientId as AppId,
          accessRight: deny ? 'DenyAccess' : 'RestrictAccess',
          scopeGroupId: (groups[group]?.id ?? '') as GroupId,
        })),
        assignments,
      };
      const authorization = `Bearer ${await appToken()}`;
      for (const id of people) {
        const membership = {
          directGroups: new Set(
            groups
              .filter(({ id: group }) => tenant.groups.get(group)?.memberIds.includes(id))
              .map((group) => group.id as GroupId),
          ),
          transitiveGroups: new Set(
            groups
              .filter(({ id: group }) => tenant.transitiveMemberIds(group).includes(id))
              .map((group) => group.id as GroupId),
          ),
          administrativeUnits: new Set<AdministrativeUnitId>(),
        };
        for (const permission of permissions) {
          const { status } = await call('GET', paths[permission](id), { authorization });
          const predicted = effectiveAccess(permission, membership, configuration).access;
          expect({ id, permission, opens: status === 200 }).toEqual({
            id,
            permission,
            opens: predicted === 'reachable',
          });
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('a change in Exchange has no effect on Graph before its caches know', async () => {
  const { tenant, registration, clock, settings } = sandbox;
  const outside = tenant.people.find(
    ({ id, mailbox }) =>
      mailbox.state === 'available' && !tenant.transitiveMemberIds(namedGroups.sales.id).includes(id),
  );
  const opens = async () => {
    const authorization = `Bearer ${await appToken()}`;
    return (await call('GET', paths['Mail.Read'](outside?.id ?? ''), { authorization })).status === 200;
  };
  tenant.grants.grant('Mail.Read');
  for (const list of [tenant.exchange.policies, tenant.exchange.assignments]) list.splice(0);
  settings.exchangePropagationSeconds = 1800;
  const groupId = namedGroups.sales.id;
  tenant.exchange.addPolicy({ appId: registration.clientId, groupId, accessRight: 'RestrictAccess', description: '' });

  expect(await opens()).toBe(true);
  clock.advance(1799_000);
  expect(await opens()).toBe(true);
  clock.advance(2_000);
  expect(await opens()).toBe(false);
});
