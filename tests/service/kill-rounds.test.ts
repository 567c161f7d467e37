import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Aim } from '../kill-rounds/aims.ts';
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
  timeout: 240_000,
}, async () => {
  judge(await rounds(aims));
});

test('fault 141, 153: killed at any step on a PostgreSQL server, nothing is lost, repeated or guessed', {
  timeout: 240_000,
}, async () => {
  // Another worker finds a dead one by its missing heartbeat, which takes its time: the rounds run side by side.
  const results = await Promise.all(aims.map((aim) => rounds([aim], server)));
  judge(results.flat());
});
