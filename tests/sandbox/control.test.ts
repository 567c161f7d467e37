import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, claimsOf, json, startBench } from './bench.ts';

const { grace, linus } = namedPeople;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

async function control(path: string, body?: unknown, method?: string) {
  const response = await fetch(`${bench.sandbox.url}/_sandbox/${path}`, {
    ...(body !== undefined && json(body)),
    ...(method && { method }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

test('the state names tenant, application and settings, and no secret', async () => {
  const { body } = await control('state');

  expect(body).toMatchObject({
    tenant: { id: bench.sandbox.tenant.id, domain: 'contoso.example' },
    application: { servicePrincipal: 'enabled', granted: [] },
    settings: { grantPropagationSeconds: 0 },
    unknown: [],
  });
  expect(JSON.stringify(body)).not.toContain(bench.sandbox.registration.secrets[0]?.value);
});

test('grants are given and taken, and the service principal disabled, deleted and made anew', async () => {
  const roles = async () => claimsOf((await bench.token()).body.access_token ?? 'a.e30').roles;

  await control('grants', { grant: ['Mail.Read', 'Contacts.Read'] });
  const granted = await roles();
  const afterRevocation = await control('grants', { revoke: ['Mail.Read'] });
  await control('grants', { servicePrincipal: 'disabled' });
  const disabled = (await bench.token()).body.error_codes;
  const deleted = await control('grants', { servicePrincipal: 'deleted' });
  await control('grants', { servicePrincipal: 'enabled' });

  expect(granted).toEqual(['Mail.Read', 'Contacts.Read']);
  expect(afterRevocation.body.granted).toEqual(['Contacts.Read']);
  expect(disabled).toEqual([7000112]);
  expect(deleted.body.servicePrincipal).toBe('absent');
  expect(await roles()).toBeUndefined();
});

test('people change: licences, mailbox, deletion', async () => {
  const licensed = await control('people', { id: linus.id, licences: ['microsoft365E3'] });
  const deleted = await control('people', { id: grace.userPrincipalName, deleted: true });
  const restored = await control('people', { id: grace.id, deleted: false, displayName: 'Grace Murray Hopper' });
  const unknown = await control('people', { id: 'nobody', deleted: true });

  expect(licensed.body.mailbox.state).toBe('available');
  expect(deleted.body.deletedAt).not.toBeNull();
  expect(restored.body).toMatchObject({ deletedAt: null, displayName: 'Grace Murray Hopper' });
  expect(unknown.status).toBe(404);
});

test('mail is delivered and delta tokens are forgotten', async () => {
  const before = bench.sandbox.tenant.mailbox(grace.id).messages.length;

  const { body } = await control('mailboxes', {
    id: grace.id,
    deliver: [{ subject: 'One' }, {}],
    forgetSyncStates: true,
  });

  expect(body.messages).toBe(before + 2);
  expect(bench.sandbox.tenant.mailbox(grace.id).generation).toBe(2);
});

test('clock, settings, throttling, faults, keys and log are moved from outside', async () => {
  const before = bench.sandbox.clock.now().getTime();
  await control('clock/advance', { milliseconds: 3_600_000 });
  await control('settings', { graphLatencyMs: 1, throttle: { requestsPerSecond: 5, burst: 5, retryAfterSeconds: 1 } });
  const throttled = bench.sandbox.settings.throttle;
  await control('settings', { throttle: null });
  await control('faults', { match: { pathPattern: 'mail.*s$', times: 1 }, answer: { status: 500 } });
  const fault = bench.sandbox.faults.take('GET', '/v1.0/users/1/mailFolders');
  const rotated = await control('keys/rotate', { withdrawOld: true });
  const log = await control('requests?path=/_none');
  await control('requests', undefined, 'DELETE');
  await control('faults', undefined, 'DELETE');

  expect(bench.sandbox.clock.now().getTime() - before).toBeGreaterThanOrEqual(3_600_000);
  expect(throttled).toMatchObject({ burst: 5 });
  expect(bench.sandbox.settings).toMatchObject({ graphLatencyMs: 1, throttle: undefined });
  expect(fault).toEqual({ status: 500 });
  expect(rotated.body.kid).toBe(bench.sandbox.keys.current.kid);
  expect(log.body).toEqual({ unknown: [], requests: [] });
  expect(bench.sandbox.requests.all).toEqual([]);
});

test.each([
  ['clock/advance', { minutes: 5 }],
  ['grants', { servicePrincipal: 'sleeping' }],
  ['people', { id: linus.id, mailboxState: 'somewhere' }],
  ['faults', { match: {}, answer: { code: 500 } }],
  ['settings', { speed: 'high' }],
])('POST %s refuses what it does not know: %j', async (path, body) => {
  const reply = await control(path, body);

  expect(reply.status).toBe(400);
  expect(reply.body.error).toBeTruthy();
});

test('policies, scopes and assignments are made and removed in Exchange from outside', async () => {
  const groupId = '451b4cf3-6123-4df7-b656-af7229d4beef';
  const role = 'Application Mail.Read';
  const made = await control('exchange', {
    addPolicies: [{ groupId, accessRight: 'RestrictAccess' }],
    addScopes: [{ name: 'Scope', recipientFilter: "Department -eq 'Sales'" }],
    addAssignments: [
      { name: 'In scope', role, scopeName: 'Scope' },
      { name: 'Everywhere', role },
    ],
  });
  const [policy] = made.body.policies;
  const missing = await control('exchange', { removeAssignments: ['In scope', 'nothing'] });
  const removed = await control('exchange', {
    removeAssignments: ['In scope', 'Everywhere'],
    removeScopes: ['Scope'],
    removePolicies: [policy.identity],
  });
  const { status } = await control('exchange', { addPolicies: [{ groupId, accessRight: 'Perhaps' }] });

  expect(made.body).toMatchObject({
    policies: [{ appId: bench.sandbox.registration.clientId, groupId, accessRight: 'RestrictAccess' }],
    scopes: [{ name: 'Scope' }],
    assignments: [{ scope: { kind: 'management_scope', name: 'Scope' } }, { scope: { kind: 'organization' } }],
  });
  expect(missing).toMatchObject({ status: 404, body: { error: expect.stringContaining('nothing') } });
  expect(removed.body).toMatchObject({ policies: [], scopes: [], assignments: [] });
  expect(status).toBe(400);
  expect((await control('settings', { exchangePropagationSeconds: 7 })).body.exchangePropagationSeconds).toBe(7);
});

test('the application gets permissions of Exchange and a directory role, and its tokens for Exchange show both', async () => {
  await control('grants', { grantExchange: ['Exchange.ManageAsApp'], directoryRoles: ['exchangeAdministrator'] });
  const { body } = await bench.token({ scope: 'https://outlook.office365.com/.default' });
  expect(claimsOf(body.access_token)).toMatchObject({
    aud: 'https://outlook.office365.com',
    roles: ['Exchange.ManageAsApp'],
    wids: ['29232cdf-9323-42fd-ade2-1d097af3e4de'],
  });
});
