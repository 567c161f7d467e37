import { expect, test } from 'vitest';
import type { FaultAnswer } from '../../src/sandbox/faults.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { json, startBench } from './bench.ts';

const { ada, grace } = namedPeople;
const inbox = (userId: string) => `/users/${userId}/mailFolders/inbox?$select=id`;

test('a fault answers in place of Graph, so often as it says, and only for what it matches', async () => {
  await using bench = await startBench();
  const token = await bench.appToken('Mail.ReadBasic.All');
  const body = { error: { code: 'ErrorInternalServerError', message: 'fault' } };
  bench.sandbox.faults.add({
    match: { method: 'GET', path: /mailFolders/, mailbox: ada.id, times: 2 },
    answer: { status: 500, body },
  });
  const ask = async (userId: string) => (await bench.graph(token, inbox(userId))).status;

  const statuses = [await ask(grace.id), await ask(ada.id), await ask(ada.id), await ask(ada.id)];

  expect(statuses).toEqual([200, 500, 500, 200]);
  expect(bench.sandbox.faults.hits).toBe(2);
});

test('a fault begins with the n-th request, and can be taken away again', async () => {
  await using bench = await startBench();
  const token = await bench.appToken('Mail.ReadBasic.All');
  const body = { error: { code: 'generalException', message: 'fault' } };
  const takeAway = bench.sandbox.faults.add({ match: { path: '/v1.0/users', nth: 2 }, answer: { status: 503, body } });
  const ask = async () => (await bench.graph(token, inbox(grace.id))).status;

  const before = [await ask(), await ask(), await ask()];
  takeAway();

  expect(before).toEqual([200, 503, 503]);
  expect(await ask()).toBe(200);
});

test('a probability hits the same requests in every run', async () => {
  const run = async () => {
    await using bench = await startBench();
    const token = await bench.appToken('Mail.ReadBasic.All');
    const body = { error: { code: 'generalException', message: 'fault' } };
    bench.sandbox.faults.add({ match: { path: '/v1.0', probability: 0.3 }, answer: { status: 502, body } });
    const statuses: number[] = [];
    for (let asked = 0; asked < 30; asked++) statuses.push((await bench.graph(token, inbox(grace.id))).status);
    return statuses;
  };

  const [one, other] = [await run(), await run()];

  expect(one).toEqual(other);
  expect(new Set(one)).toEqual(new Set([200, 502]));
});

test.each<[what: string, answer: FaultAnswer]>([
  ['a reset connection', { reset: true }],
  ['a body that is cut', { truncate: true, body: { value: ['a'.repeat(1000)] } }],
])('%s fails the request', async (_what, answer) => {
  await using bench = await startBench();
  const token = await bench.appToken('Mail.ReadBasic.All');
  bench.sandbox.faults.add({ match: { path: '/v1.0' }, answer });

  const asked = fetch(`${bench.sandbox.url}/v1.0${inbox(grace.id)}`, { headers: { authorization: `Bearer ${token}` } });

  await expect(asked.then((response) => response.text())).rejects.toThrow();
});

test('a request that is never answered ends when the caller gives up', async () => {
  await using bench = await startBench();
  bench.sandbox.faults.add({ match: { path: '/v1.0' }, answer: { hang: true } });

  const asked = fetch(`${bench.sandbox.url}/v1.0/users`, { signal: AbortSignal.timeout(50) });

  await expect(asked).rejects.toThrow(/timeout/i);
});

test('a delay alone leaves the answer as it is', async () => {
  await using bench = await startBench();
  const token = await bench.appToken('Mail.ReadBasic.All');
  bench.sandbox.faults.add({ match: { path: '/v1.0' }, answer: { delayMs: 30 } });
  const startedAt = performance.now();

  const reply = await bench.graph(token, inbox(grace.id));

  expect(reply.status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThan(25);
});

test('faults reach Entra, its keys and its pages too', async () => {
  await using bench = await startBench();
  const { faults, tenant, url } = bench.sandbox;
  faults.add({
    match: { method: 'POST', path: /\/token$/, times: 1 },
    answer: { status: 429, headers: { 'Retry-After': '30' }, body: {} },
  });
  faults.add({ match: { path: /\/keys$/ }, answer: { html: '<h1>Service unavailable</h1>' } });

  const throttled = await bench.token();
  const keys = await fetch(`${url}/${tenant.id}/discovery/v2.0/keys`);

  expect(throttled.status).toBe(429);
  expect(throttled.headers.get('retry-after')).toBe('30');
  expect((await bench.token()).status).toBe(200);
  expect([keys.status, keys.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

test('faults reach single requests inside a batch', async () => {
  await using bench = await startBench();
  const token = await bench.appToken('Mail.ReadBasic.All');
  bench.sandbox.faults.add({
    match: { mailbox: ada.id },
    answer: { status: 429, headers: { 'Retry-After': '9' }, body: { error: {} } },
  });
  const requests = [ada, grace].map(({ id }) => ({ id, method: 'GET', url: inbox(id) }));

  const reply = await bench.graph(token, '/$batch', json({ requests }));

  const statuses = Object.fromEntries(
    reply.body.responses.map((item: { id: string; status: number }) => [item.id, item.status]),
  );
  expect(statuses).toEqual({ [ada.id]: 429, [grace.id]: 200 });
});

test('a scripted answer is logged with its status, and a browser may read it', async () => {
  await using bench = await startBench();
  bench.sandbox.faults.add({ match: { path: '/v1.0' }, answer: { status: 504, html: '<h1>Gateway timeout</h1>' } });

  const response = await fetch(`${bench.sandbox.url}/v1.0/me`);

  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(bench.sandbox.requests.all).toMatchObject([{ service: 'graph', path: '/v1.0/me', status: 504 }]);
});
