import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Person } from '../../src/sandbox/tenant/person.ts';
import { type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { bothEngines } from '../support/both-engines.ts';

const beta = { id: 'b0b0b0b0-1111-4222-8333-444444444444', displayName: 'Beta', domain: 'beta.example' };

describe.each(bothEngines().sources)('on %s', (_name, database) => {
  async function twoTenants(environment: Readonly<Record<string, string>>) {
    const bench = await startBench({
      granted: mailboxPermissions,
      database: await database(),
      environment,
      tenants: [beta],
      sandbox: { people: 300, settings: { graphLatencyMs: 100 } },
    });
    bench.sandbox.tenants.get(beta.id)?.grants.grant(...mailboxPermissions);
    return bench;
  }

  async function startCheckOf(bench: Bench, admin: TestAdmin, people: readonly Person[]) {
    const organizationId = await bench.organizationWith(admin, people);
    const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    return check;
  }

  const peopleOf = (bench: Bench, tenantId: string) => bench.sandbox.tenants.get(tenantId)?.people ?? [];

  async function active(bench: Bench) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pgboss.job where state = 'active' and name like 'mailbox-connectivity.%'
    `.execute(bench.service.database.db);
    return rows[0]?.count ?? 0;
  }

  test('fault 64: a tenant with many runs takes one slot; another tenant’s run starts at once', async () => {
    await using bench = await twoTenants({ RUNS_AT_ONCE: '2' });
    const ada = bench.signIn('ada@contoso.example');
    const bob = bench.signIn('ada@beta.example');
    const noisy = [];
    const people = peopleOf(bench, bench.tenantId);
    for (let run = 0; run < 4; run++)
      noisy.push(await startCheckOf(bench, ada, people.slice(run * 75, (run + 1) * 75)));

    const quiet = await startCheckOf(bench, bob, peopleOf(bench, beta.id));
    await expect
      .poll(async () => (await bob.call(api.getConnectivityCheck, { params: { checkId: quiet.id } })).state, {
        timeout: 10_000,
        interval: 20,
      })
      .toBe('completed');
    const { checks } = await ada.call(api.listConnectivityChecks, { query: {} });
    const ended = checks.filter(({ state }) => state === 'completed').length;
    expect(await active(bench)).toBeLessThanOrEqual(1);
    await bench.queue.drain();

    expect(ended).toBeLessThan(noisy.length);
    const after = await ada.call(api.listConnectivityChecks, { query: {} });
    expect(after.checks.map(({ state }) => state)).toEqual(noisy.map(() => 'completed'));
    // One after the other: no two runs of the tenant overlap.
    const spans = after.checks.map(({ startedAt, finishedAt }) => [startedAt ?? '', finishedAt ?? '']).sort();
    expect(spans.every(([start = ''], index) => index === 0 || start >= (spans[index - 1]?.[1] ?? ''))).toBe(true);
  });

  test('fault 64: a large run gives its slot to one that waits, and ends whole', async () => {
    // Slow enough to be in the middle when its turn is over.
    await using bench = await twoTenants({ RUNS_AT_ONCE: '1', GRAPH_REQUESTS_PER_SECOND: '200' });
    const ada = bench.signIn('ada@contoso.example');
    const bob = bench.signIn('ada@beta.example');
    const large = await startCheckOf(bench, ada, peopleOf(bench, bench.tenantId));
    const progress = () => ada.call(api.getConnectivityCheck, { params: { checkId: large.id } });
    await expect.poll(async () => (await progress()).done, { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
    const small = await startCheckOf(bench, bob, peopleOf(bench, beta.id));

    bench.clock.advance(31_000);
    await bench.queue.drain();

    const [first, second] = [
      await bob.call(api.getConnectivityCheck, { params: { checkId: small.id } }),
      await progress(),
    ];
    expect([first.state, second.state]).toEqual(['completed', 'completed']);
    expect((first.finishedAt ?? '') < (second.finishedAt ?? '')).toBe(true);
    expect(second.done).toBe(bench.sandbox.tenant.people.length);
    const jobs = await sql<{ retries: number }>`select max(retry_count) as retries from pgboss.job`.execute(
      bench.service.database.db,
    );
    expect(jobs.rows[0]?.retries).toBe(0);
    const { activities } = await ada.call(api.listActivity, { query: { limit: 50 } });
    expect(activities.filter(({ type }) => type === 'check.ended')).toHaveLength(1);
  });
});
