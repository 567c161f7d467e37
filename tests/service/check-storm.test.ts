import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { FaultAnswer, FaultMatch } from '../../src/sandbox/faults.ts';
import { type Bench, type BenchOptions, mailboxPermissions, startBench } from '../support/bench.ts';

const mailboxes = 1_000;
/** What Graph is asked for in each mailbox. */
const probes = /^\/v1\.0\/users\/[^/]+\/(mailFolders|calendar|contacts)/;
const batch = /\$batch$/;
const largestBatch = 20;

const error = (code: string) => ({ error: { code, message: 'text that nobody reads' } });

/** Everything at once, decided by seeded generators; each kind of broken call comes at least once. */
function unleash({ sandbox, clock }: Bench): void {
  const inTwoSeconds = new Date(clock.now().getTime() + 2_000).toUTCString();
  const ofItems: [number, FaultAnswer][] = [
    [0.05, { status: 429, headers: { 'Retry-After': '1' }, body: error('TooManyRequests') }],
    [0.05, { status: 429, headers: { 'Retry-After': inTwoSeconds }, body: error('ApplicationThrottled') }],
    [0.01, { status: 500, body: error('ErrorInternalServerError') }],
    [0.01, { status: 502, body: error('UnknownError') }],
    [0.01, { status: 503, body: error('serviceNotAvailable') }],
    [0.01, { status: 200, html: '<h1>proxy</h1>' }],
  ];
  const ofCalls: FaultAnswer[] = [
    { reset: true },
    { status: 200, body: { responses: [] }, truncate: true },
    { status: 200, html: '<h1>proxy</h1>' },
  ];
  for (const [probability, answer] of ofItems) sandbox.faults.add({ match: { path: probes, probability }, answer });
  const matches: FaultMatch[] = [{ probability: 0.01 }, { nth: 9, times: 1 }];
  for (const answer of ofCalls)
    for (const match of matches) sandbox.faults.add({ match: { path: batch, ...match }, answer });
}

/** Begins the check of so many mailboxes, all of which could be opened, in the storm. */
async function startInStorm(options: BenchOptions = {}) {
  const bench = await startBench({ granted: mailboxPermissions, sandbox: { people: mailboxes * 1.2 }, ...options });
  const admin = bench.signIn('ada@contoso.example');
  const people = bench.sandbox.tenant.people
    .filter(({ mailbox, userPrincipalName }) => mailbox.state === 'available' && !userPrincipalName.startsWith('ada@'))
    .slice(0, mailboxes);
  const organizationId = await bench.organizationWith(admin, people);
  bench.sandbox.requests.clear();
  unleash(bench);
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  const params = { checkId: check.id };
  return { bench, admin, params, get: () => admin.call(api.getConnectivityCheck, { params }) };
}

test('in a storm every mailbox is found out or could not be told, nobody is denied, and little is asked twice', {
  timeout: 120_000,
}, async () => {
  const { bench, get } = await startInStorm();
  await using _ = bench;
  await bench.queue.drain();
  const check = await get();

  expect(check).toMatchObject({ state: 'completed', total: mailboxes, done: mailboxes });
  expect(check.counts).toMatchObject({ blocked: 0, limited: 0, exposed: 0, waiting: 0 });
  expect(check.counts.working + check.counts.could_not_tell).toBe(mailboxes);
  // What was asked several times and failed each time is rare, and says why.
  expect(check.counts.working).toBeGreaterThan(mailboxes * 0.99);
  for (const { reason, status } of check.causes) {
    if (status === 'could_not_tell') expect(reason).toMatch(/^microsoft\./);
  }

  // Requests are counted, not batches, because they are what Microsoft counts: those that were answered, those that the
  // storm answered, and for a call that was lost as a whole all that fit in, whether they had reached Microsoft or not.
  const { requests, faults } = bench.sandbox;
  const lostCalls = requests.to(batch).filter(({ status }) => status !== 200).length;
  const answered = requests.all.filter(({ inBatch }) => inBatch).length;
  expect(lostCalls).toBeGreaterThan(0);
  expect(answered + faults.hits + lostCalls * largestBatch).toBeLessThanOrEqual(1.3 * 3 * mailboxes);
});

test('the consent is withdrawn in the middle of the storm, and granted again: nobody is ever called denied', {
  timeout: 120_000,
}, async () => {
  const { bench, admin, params, get } = await startInStorm({ service: { pace: { startRate: 400, ceiling: 400 } } });
  await using _ = bench;
  const { tenant, faults } = bench.sandbox;
  await expect.poll(async () => (await get()).done, { interval: 20, timeout: 60_000 }).toBeGreaterThan(0);

  tenant.grants.deleteApplication();
  const refused = { status: 401, body: error('InvalidAuthenticationToken') };
  const letInAgain = faults.add({ match: { path: probes }, answer: refused });
  await bench.queue.drain();
  const paused = await get();
  letInAgain();
  tenant.grants.grant(...mailboxPermissions);
  await admin.call(api.resumeConnectivityCheck, { params, body: {} });
  await bench.queue.drain();
  const ended = await get();

  expect(paused).toMatchObject({ state: 'paused', pausedBecause: 'consent_changed' });
  expect(paused.counts).toMatchObject({ blocked: 0, limited: 0, exposed: 0 });
  expect(paused.done).toBeLessThan(mailboxes);
  expect(ended).toMatchObject({ state: 'completed', done: mailboxes });
  expect(ended.counts).toMatchObject({ blocked: 0, limited: 0, exposed: 0 });
  expect(ended.counts.working).toBeGreaterThan(mailboxes * 0.98);
});
