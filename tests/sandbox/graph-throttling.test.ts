import { expect, test } from 'vitest';
import { startClock } from '../../src/sandbox/clock.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { json, startBench } from './bench.ts';

const { ada, grace } = namedPeople;
const inbox = (userId: string) => `/users/${userId}/mailFolders/inbox?$select=id`;

test('a bucket lets a burst through, throttles with the seconds to wait, counts what comes then, and fills up with time', async () => {
  await using bench = await startBench({
    clock: startClock(new Date('2026-11-23T10:00:00Z')),
    settings: { throttle: { requestsPerSecond: 1, burst: 3, retryAfterSeconds: 7 } },
  });
  const token = await bench.appToken('Mail.ReadBasic.All');
  const ask = async () => (await bench.graph(token, inbox(grace.id))).status;

  const burst = [await ask(), await ask(), await ask(), await ask()];
  const throttled = await bench.graph(token, inbox(grace.id));
  bench.sandbox.clock.advance(2000);
  const tooSoon = await ask();
  bench.sandbox.clock.advance(2000);
  const later = [await ask(), await ask()];

  expect(burst).toEqual([200, 200, 200, 429]);
  expect(tooSoon).toBe(429);
  expect(throttled.headers.get('retry-after')).toBe('7');
  expect(throttled.body.error.code).toBe('TooManyRequests');
  expect(later).toEqual([200, 429]);
});

test('who waits as long as Retry-After says is answered, however much was asked for while throttled', async () => {
  await using bench = await startBench({
    clock: startClock(new Date('2026-11-23T10:00:00Z')),
    settings: { throttle: { requestsPerSecond: 1, burst: 1, retryAfterSeconds: 3 } },
  });
  const token = await bench.appToken('Mail.ReadBasic.All');
  const ask = async () => (await bench.graph(token, inbox(grace.id))).status;

  for (let asked = 0; asked < 20; asked++) await ask();
  bench.sandbox.clock.advance(2000);
  const early = await ask();
  bench.sandbox.clock.advance(3000);
  const inTime = await ask();

  expect([early, inTime]).toEqual([429, 200]);
});

test('Retry-After may be a date', async () => {
  await using bench = await startBench({
    settings: { throttle: { requestsPerSecond: 0.001, burst: 1, retryAfterSeconds: 30, retryAfterForm: 'date' } },
  });
  const token = await bench.appToken('Mail.ReadBasic.All');
  await bench.graph(token, inbox(grace.id));

  const reply = await bench.graph(token, inbox(grace.id));

  const retryAt = Date.parse(reply.headers.get('retry-after') ?? '');
  expect(Math.abs(retryAt - bench.sandbox.clock.now().getTime() - 30_000)).toBeLessThan(2000);
});

test('requests inside a batch are throttled one by one, and the batch is not', async () => {
  await using bench = await startBench({
    settings: { throttle: { requestsPerSecond: 0.001, burst: 5, retryAfterSeconds: 3 } },
  });
  const token = await bench.appToken('Mail.ReadBasic.All');
  const requests = Array.from({ length: 8 }, (_, index) => ({
    id: String(index),
    method: 'GET',
    url: inbox(grace.id),
  }));

  const reply = await bench.graph(token, '/$batch', json({ requests }));

  const throttled = reply.body.responses.filter((item: { status: number }) => item.status === 429);
  expect(reply.status).toBe(200);
  expect(throttled).toHaveLength(3);
  expect(throttled[0].headers['Retry-After']).toBe('3');
});

test('a batch may be refused whole while nothing is left', async () => {
  await using bench = await startBench({
    settings: { throttle: { requestsPerSecond: 0.001, burst: 1, retryAfterSeconds: 3, wholeBatchShare: 1 } },
  });
  const token = await bench.appToken('Mail.ReadBasic.All');
  const requests = [{ id: '1', method: 'GET', url: inbox(grace.id) }];

  const first = await bench.graph(token, '/$batch', json({ requests }));
  const second = await bench.graph(token, '/$batch', json({ requests }));

  expect(first.body.responses[0].status).toBe(200);
  expect(second.status).toBe(429);
  expect(second.headers.get('retry-after')).toBe('3');
});

test('more than four requests to one mailbox at once are throttled, to several mailboxes not', async () => {
  await using bench = await startBench();
  const token = await bench.appToken('Mail.ReadBasic.All');
  const ask = (userId: string) => bench.graph(token, inbox(userId));
  // Connections first, so that the requests below do meet in the mailbox.
  await Promise.all(
    Array.from({ length: 6 }, () => fetch(`${bench.sandbox.url}/_sandbox/state`).then((state) => state.text())),
  );
  bench.sandbox.settings.graphLatencyMs = 300;

  const one = await Promise.all(Array.from({ length: 6 }, () => ask(grace.id)));
  const two = await Promise.all([grace.id, grace.id, grace.id, ada.id, ada.id, ada.id].map(ask));

  const throttled = one.filter((reply) => reply.status === 429);
  expect(throttled).toHaveLength(2);
  expect(throttled[0]?.body.error).toMatchObject({
    code: 'ApplicationThrottled',
    message: 'Application is over its MailboxConcurrency limit.',
  });
  expect(two.map((reply) => reply.status)).toEqual(Array(6).fill(200));
});

test('one mailbox takes so many requests in ten minutes, then throttles until they are over', async () => {
  await using bench = await startBench({ settings: { mailboxRequestsPerTenMinutes: 3 } });
  const token = await bench.appToken('Mail.ReadBasic.All');
  const ask = async () => (await bench.graph(token, inbox(grace.id))).status;

  const first = [await ask(), await ask(), await ask(), await ask()];
  bench.sandbox.clock.advance(600_000);
  const afterwards = await ask();

  expect(first).toEqual([200, 200, 200, 429]);
  expect(afterwards).toBe(200);
});

test('the directory counts resource units, warns near the limit and throttles beyond it', async () => {
  await using bench = await startBench({ settings: { directoryUnitsPerTenSeconds: 10 } });
  const token = await bench.appToken('User.Read.All');

  const dear = await bench.graph(token, '/users');
  const cheap = await bench.graph(token, '/users?$select=id&$top=5');
  for (let asked = 0; asked < 5; asked++) await bench.graph(token, '/users?$select=id');
  const near = await bench.graph(token, '/users?$select=id');
  await bench.graph(token, '/users?$select=id');
  const beyond = await bench.graph(token, '/users?$select=id');

  expect(dear.headers.get('x-ms-resource-unit')).toBe('2');
  expect(cheap.headers.get('x-ms-resource-unit')).toBe('1');
  expect(near.headers.get('x-ms-throttle-limit-percentage')).toBe('0.9');
  expect(beyond.status).toBe(429);
  expect(beyond.headers.get('x-ms-throttle-scope')).toMatch(/^Tenant_Application\/ReadWrite\//);
});
