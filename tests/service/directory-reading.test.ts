import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { TenantId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { createDirectoryStore } from '../../src/service/features/mailbox-scope/directory.store.ts';
import { createGraphClient } from '../../src/service/graph/client.ts';
import { appTokensOf } from '../support/app-tokens.ts';
import { type Bench, type BenchOptions, mailboxPermissions, startBench } from '../support/bench.ts';

/** The store as the service puts it together. */
async function withDirectory(
  options: BenchOptions,
  work: (bench: Bench, directory: ReturnType<typeof createDirectoryStore>, tenantId: TenantId) => Promise<void>,
) {
  await using bench = await startBench({ granted: ['User.Read.All'], ...options });
  await using made = appTokensOf(bench);
  const { tokens, shared, cloud } = made;
  const graph = createGraphClient({ ...shared, graphEndpoint: cloud.graphEndpoint, version: 'test' });
  const { db } = bench.service.database;
  const directory = createDirectoryStore({ db, clock: bench.clock, graph, tokens });
  await work(bench, directory, bench.tenantId as TenantId);
}

const listing = /\/v1\.0\/users$/;
const fresh = { maxAgeMinutes: 0 };

test('everybody who can have a mailbox is known, licensed or not, over all pages', async () => {
  await withDirectory({ sandbox: { people: 1_200 } }, async (bench, directory, tenantId) => {
    await directory.ensureRead(tenantId, fresh);

    const { people } = bench.sandbox.tenant;
    const expected = people.filter(({ userType, mail }) => userType === 'Member' && mail !== null).map(({ id }) => id);
    expect(await directory.ids(tenantId)).toEqual(expected.sort());
    expect(await directory.count(tenantId)).toBe(expected.length);
    expect(expected).toContain(namedPeople.sharedMailbox.id);
    expect(expected).not.toContain(namedPeople.guest.id);
    expect(bench.sandbox.requests.to(listing)).toHaveLength(2);
  });
});

test('a reading that is young enough is not repeated; a later one forgets who left', async () => {
  await withDirectory({}, async (bench, directory, tenantId) => {
    const first = await directory.ensureRead(tenantId, { maxAgeMinutes: 60 });
    const again = await directory.ensureRead(tenantId, { maxAgeMinutes: 60 });
    bench.sandbox.tenant.softDelete(namedPeople.grace.id);
    bench.clock.advance(61 * 60_000);
    await directory.ensureRead(tenantId, { maxAgeMinutes: 60 });

    expect(again).toEqual(first);
    expect(bench.sandbox.requests.to(listing)).toHaveLength(2);
    expect(await directory.ids(tenantId)).not.toContain(namedPeople.grace.id);
  });
});

test('fault 168: a name that no database takes stops no reading', async () => {
  await withDirectory({}, async (bench, directory, tenantId) => {
    const { grace } = namedPeople;
    bench.sandbox.tenant.change(grace.id, { displayName: 'Grace\u0000 \ud83d Hopper' });

    expect(await directory.ensureRead(tenantId, fresh)).toMatchObject({ kind: 'read' });

    expect(await directory.people(tenantId, [grace.id as UserId])).toMatchObject([
      { displayName: 'Grace \ufffd Hopper' },
    ]);
  });
});

test('fault 136: who is called otherwise in the directory is shown so, and is the same user with the same mailbox', async () => {
  const granted = [...mailboxPermissions, 'User.Read.All'];
  await withDirectory({ granted }, async (bench, directory, tenantId) => {
    const { tenant } = bench.sandbox;
    const admin = bench.signIn('ada@contoso.example');
    const { grace, linus, room } = namedPeople;
    const people = [grace, linus, room].map(({ id }) => tenant.person(id));
    const organizationId = await bench.organizationWith(admin, people);
    const found = async (search: string) =>
      (await admin.call(api.listUsers, { query: { search } })).users.map(({ id, displayName }) => [id, displayName]);

    const upn = 'Grace.Murray@Contoso.example';
    tenant.change(grace.id, { displayName: 'Aa Murray', userPrincipalName: upn, mail: 'grace.murray@contoso.example' });
    await directory.ensureRead(tenantId, fresh);

    expect(await found('murray')).toEqual([[grace.id, 'Aa Murray']]);
    expect(await found('hopper')).toEqual([]);
    const { users } = await admin.call(api.listUsers, { query: { organizationId, sort: 'name' } });
    expect(users[0]).toMatchObject({ id: grace.id, userPrincipalName: upn, mail: 'grace.murray@contoso.example' });

    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    await bench.queue.drain();
    const checked = await admin.call(api.getUser, { params: { userId: grace.id } });
    expect(checked.access.status).toBe('working');
  });
});

describe('a partial list is never used', () => {
  const second = { path: listing, nth: 2 };

  test.each([
    [
      'the permission is missing',
      { path: listing },
      { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
      'consent.permission_missing',
    ],
    ['a later page does not come', second, { status: 503, body: {} }, 'microsoft.unavailable'],
    ['a later page is HTML', second, { status: 200, html: '<p>proxy</p>' }, 'microsoft.unexpected_answer'],
    [
      'fault 130: a link leads elsewhere',
      { path: listing },
      { status: 200, body: { value: [], '@odata.nextLink': 'https://evil.example/v1.0/users' } },
      'microsoft.unexpected_answer',
    ],
    [
      'fault 130: a link without https',
      { path: listing },
      { status: 200, body: { value: [], '@odata.nextLink': 'http://localhost/v1.0/users' } },
      'microsoft.unexpected_answer',
    ],
    ['the list is empty', { path: listing }, { status: 200, body: { value: [] } }, 'microsoft.unexpected_answer'],
    [
      'an entry has no id',
      { path: listing },
      { status: 200, body: { value: [{ userPrincipalName: 'x' }] } },
      'microsoft.unexpected_answer',
    ],
  ])('%s', async (_name, match, answer, reason) => {
    await withDirectory({ sandbox: { people: 1_200 } }, async (bench, directory, tenantId) => {
      bench.sandbox.faults.add({ match, answer });

      expect(await directory.ensureRead(tenantId, fresh)).toEqual({ kind: 'refused', reason, readAt: null });
      expect(await directory.count(tenantId)).toBe(0);
    });
  });
});

test('fault 130: links that lead in a circle end the reading', async () => {
  await withDirectory({}, async (bench, directory, tenantId) => {
    const again = `${bench.sandbox.url}/v1.0/users?$skiptoken=again`;
    const answer = { status: 200, body: { value: [], '@odata.nextLink': again } };
    bench.sandbox.faults.add({ match: { path: listing }, answer });

    const outcome = await directory.ensureRead(tenantId, fresh);

    expect(outcome).toMatchObject({ kind: 'refused', reason: 'microsoft.unexpected_answer' });
    expect(bench.sandbox.requests.to(listing)).toHaveLength(2);
  });
});

test('fault 118: a page that is throttled is asked for again after as long as Graph says', async () => {
  await withDirectory({ sandbox: { people: 1_200 } }, async (bench, directory, tenantId) => {
    const throttled = { status: 429, headers: { 'Retry-After': '40' }, body: { error: { code: 'TooManyRequests' } } };
    bench.sandbox.faults.add({ match: { path: listing, nth: 2, times: 1 }, answer: throttled });
    const before = bench.clock.now().getTime();

    expect(await directory.ensureRead(tenantId, fresh)).toMatchObject({ kind: 'read' });
    expect(bench.clock.now().getTime() - before).toBeGreaterThanOrEqual(40_000);
  });
});
