import { HttpResponse, http } from 'msw';
import { afterEach, expect, test, vi } from 'vitest';
import { type ConnectivityCheck, watchConnectivityCheck } from '../../contract/mailbox-connectivity.ts';
import { aCheck, checkIdOf } from '../testing/fixtures.ts';
import { refuse, service, stream } from '../testing/service.ts';
import { createApi } from './api.ts';

const running = aCheck({ state: 'running', done: 1, finishedAt: null });
const further = { ...running, done: 2 };
const ended = aCheck();
const request = { params: { checkId: checkIdOf(1) } };
const aborts: AbortController[] = [];
afterEach(() => {
  for (const abort of aborts.splice(0)) abort.abort();
});

/** Watches without waiting between two attempts. */
function watching(getToken: Parameters<typeof createApi>[0] = async () => 'token') {
  const abort = new AbortController();
  aborts.push(abort);
  const seen: ConnectivityCheck[] = [];
  const pauses: number[] = [];
  const wait = async (ms: number) => {
    pauses.push(ms);
  };
  const done = createApi(getToken, { wait, random: () => 0 }).watch(watchConnectivityCheck, request, {
    onEvent: (check) => seen.push(check),
    isLast: ({ state }) => state === 'completed',
    signal: abort.signal,
  });
  done.catch(() => {});
  return { seen, pauses, done, abort };
}

test('each state is told as it comes; heartbeats tell nothing; the last one ends the watch', async () => {
  const events = stream(watchConnectivityCheck, () => running);
  const { seen, done } = watching();
  await vi.waitUntil(() => seen.length === 1);
  await events.beat();
  await events.send(further);
  await events.send(ended);

  await done;
  expect(seen).toEqual([running, further, ended]);
  expect(events.calls).toHaveLength(1);
  expect(events.calls[0]?.authorization).toBe('Bearer token');
});

test('a stream that breaks is opened again after a second and begins with the whole state', async () => {
  let now = running;
  const events = stream(watchConnectivityCheck, () => now);
  const { seen, pauses, done } = watching();
  await vi.waitUntil(() => seen.length === 1);
  now = ended;
  await events.cut();

  await done;
  expect(seen).toEqual([running, ended]);
  expect(pauses).toEqual([1_000]);
});

test('a stream that ends before the last state is opened again', async () => {
  const events = stream(watchConnectivityCheck, () => running);
  const { seen, done } = watching();
  await vi.waitUntil(() => seen.length === 1);
  await events.end();
  await vi.waitUntil(() => events.calls.length === 2);
  await events.send(ended);
  await done;
});

test('while the service is busy the pauses grow, and its Retry-After counts', async () => {
  const events = stream(watchConnectivityCheck, () => ended);
  let attempts = 0;
  service.use(
    http.get('*/events', () => {
      attempts += 1;
      if (attempts === 1) return new HttpResponse(null, { status: 503 });
      if (attempts === 2) return HttpResponse.error();
      if (attempts > 3) return undefined;
      const problem = { type: 'x', title: 'x', status: 429, code: 'request.too_many', remedy: 'x', requestId: 'r' };
      return HttpResponse.json(problem, { status: 429, headers: { 'retry-after': '9' } });
    }),
  );
  const { seen, pauses, done } = watching();

  await done;
  expect(seen).toEqual([ended]);
  expect(pauses).toEqual([1_000, 2_000, 9_000]);
  expect(events.calls).toHaveLength(1);
});

test('a refused token is renewed once, and not within the same second', async () => {
  stream(watchConnectivityCheck, () => ended);
  service.use(
    http.get('*/events', ({ request: { headers } }) =>
      headers.get('authorization') === 'Bearer new' ? undefined : new HttpResponse(null, { status: 401 }),
    ),
  );
  const { pauses, done } = watching(async (options) => (options?.renew ? 'new' : 'old'));
  await done;
  expect(pauses).toEqual([1_000]);
});

test('a token refused twice and a check that is gone are answers', async () => {
  const refused = refuse(watchConnectivityCheck, 'token.invalid');
  await expect(watching().done).rejects.toMatchObject({ code: 'token.invalid' });
  expect(refused).toHaveLength(2);

  const gone = refuse(watchConnectivityCheck, 'check.not_found');
  await expect(watching().done).rejects.toMatchObject({ code: 'check.not_found' });
  expect(gone).toHaveLength(1);
});

test('an event of another version is not taken for ours', async () => {
  stream(watchConnectivityCheck, () => ({ state: 'dreaming' }) as never);
  await expect(watching().done).rejects.toMatchObject({ name: 'AnswerNotUnderstood' });
});

test('a watch that nobody needs any more ends at once', async () => {
  const events = stream(watchConnectivityCheck, () => running);
  const { seen, done, abort } = watching();
  await vi.waitUntil(() => seen.length === 1);
  abort.abort();
  await expect(done).rejects.toMatchObject({ name: 'AbortError' });
  expect(events.calls).toHaveLength(1);
});

test('a stream without even a heartbeat counts as broken', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const events = stream(watchConnectivityCheck, () => running);
    const { seen, pauses } = watching();
    await vi.waitUntil(() => seen.length === 1);
    await vi.advanceTimersByTimeAsync(40_000);
    await vi.waitUntil(() => seen.length === 2);
    expect(pauses).toEqual([1_000]);
    expect(events.calls).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
