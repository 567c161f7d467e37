import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Aim } from '../kill-rounds/aims.ts';
import { brokenInvariants, lostWrites } from '../kill-rounds/invariants.ts';
import { createPlace } from '../kill-rounds/place.ts';
import { runRound } from '../kill-rounds/round.ts';
import { mailboxPermissions } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

// A few of the rounds that `npm run kill-rounds` drives, at the steps where something is half done.

let sandbox: Sandbox;
let server: PostgresServer;
beforeAll(async () => {
  sandbox = await startSandbox({ people: 60, settings: { graphLatencyMs: 60 } });
  sandbox.tenant.grants.grant(...mailboxPermissions);
  server = await startPostgres();
}, 300_000);
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

const aims: readonly Aim[] = [
  { step: 'check.starting', count: 1 },
  { step: 'check.claimed', count: 1 },
  { step: 'batch.answered', count: 5 },
  { step: 'results.saving', count: 2 },
  { step: 'run.finishing', count: 1 },
  { step: 'any', count: 40 },
];

async function rounds(lane: readonly Aim[], database?: PostgresServer) {
  using place = await createPlace(sandbox, database);
  const results = [];
  for (const [round, aim] of lane.entries()) results.push(await runRound(place, aim, round));
  return results;
}

function judge(results: Awaited<ReturnType<typeof rounds>>): void {
  expect(results.flatMap(({ aim, broken }) => broken.map((one) => `${aim.step}:${aim.count}: ${one}`))).toEqual([]);
  expect(results.filter(({ killedAt }) => killedAt === undefined)).toEqual([]);
  expect(Math.max(...results.map(({ recoverySeconds }) => recoverySeconds))).toBeLessThan(30);
}

test('fault 141, 153, 155: killed at any step on the embedded database, nothing is lost, repeated or guessed', {
  timeout: 360_000,
}, async () => {
  const results = await Promise.all([rounds(aims.slice(0, 3)), rounds(aims.slice(3))]);
  judge(results.flat());
});

test('fault 141, 153: killed at any step on a PostgreSQL server, nothing is lost, repeated or guessed', {
  timeout: 360_000,
}, async () => {
  // Another worker finds a dead one by its missing heartbeat, which takes its time: the rounds run side by side.
  const results = await Promise.all(aims.map((aim) => rounds([aim], server)));
  judge(results.flat());
});

test('the judge of the rounds sees what is broken', async () => {
  using place = await createPlace(sandbox, server);
  const seen = await place.inspect(async (db) => {
    const whole = await brokenInvariants(db);
    const tenantId = sandbox.tenant.id;
    const checkId = crypto.randomUUID();
    const [person] = sandbox.tenant.people;
    await sql`insert into checks (tenant_id, id, organization_id, scope, covers, state, changes_connection, total,
        started_by, started_by_name, created_at, started_at)
      values (${tenantId}, ${checkId}, ${place.organizationId}, 'organization', 'everybody', 'running', true, 1,
        ${person?.id}, 'Ada', now(), now())`.execute(db);
    await sql`insert into check_results (tenant_id, check_id, user_id, status, reason, capabilities, checked_at)
      values (${tenantId}, ${checkId}, ${person?.id}, 'working', 'connected',
        '[{"capability":"mail","reason":"connected","httpStatus":null}]', now() - interval '1 hour')`.execute(db);
    return { whole, broken: await brokenInvariants(db), lost: await lostWrites(db, [checkId]) };
  });

  expect(seen.whole).toEqual([]);
  expect(seen.broken.map((one) => one.slice(0, 2)).sort()).toEqual(['I1', 'I2', 'I2', 'I5']);
  expect(seen.lost).toHaveLength(1);
});
