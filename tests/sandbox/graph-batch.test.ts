import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { validateBatchResponse, validateRequest } from '../support/graph-openapi.ts';
import { type Bench, json, startBench } from './bench.ts';

const { ada, grace, linus, moving } = namedPeople;

let bench: Bench;
let token: string;
beforeAll(async () => {
  bench = await startBench();
  token = await bench.appToken('User.Read.All', 'Mail.ReadBasic.All');
});
afterAll(() => bench[Symbol.asyncDispose]());

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly dependsOn?: string[];
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

const inbox = (id: string, userId: string, dependsOn?: string[]): Item => ({
  id,
  method: 'GET',
  url: `/users/${userId}/mailFolders/inbox?$select=id`,
  ...(dependsOn && { dependsOn }),
});

async function send(own: Bench, accessToken: string, requests: readonly unknown[]) {
  const reply = await own.graph(accessToken, '/$batch', json({ requests }));
  // biome-ignore lint/suspicious/noExplicitAny: what Graph answers is what the test is about
  const byId = new Map<string, any>(reply.body.responses?.map((item: { id: string }) => [item.id, item]));
  return { ...reply, byId };
}

test('every request of a batch has its own answer, found by its id, judged by Microsoft’s description', async () => {
  const requests = [
    inbox('1', grace.id),
    inbox('2', linus.id),
    inbox('3', moving.id),
    { id: '4', method: 'GET', url: '/users?$select=id&$top=3' },
  ];

  const { status, body, byId } = await send(bench, token, requests);

  expect(validateRequest('POST', '/$batch', {}, { requests })).toEqual([]);
  expect(validateBatchResponse({ requests }, body)).toEqual([]);
  expect(status).toBe(200);
  expect(['1', '2', '3', '4'].map((id) => byId.get(id).status)).toEqual([200, 404, 503, 200]);
  expect(byId.get('3').headers['Retry-After']).toBe('900');
  expect(byId.get('4').body['@odata.nextLink']).toContain('/v1.0/users?');
});

test('twenty answers do not come in the order of the requests', async () => {
  const requests = Array.from({ length: 20 }, (_, index) => inbox(String(index), grace.id));

  const { body } = await send(bench, token, requests);

  const ids = body.responses.map((item: { id: string }) => item.id);
  expect(new Set(ids).size).toBe(20);
  expect(ids).not.toEqual(requests.map((request) => request.id));
});

test.each<[what: string, requests: readonly unknown[]]>([
  ['more than twenty requests', Array.from({ length: 21 }, (_, index) => inbox(String(index), grace.id))],
  ['ids that differ by case alone', [inbox('a', grace.id), inbox('A', grace.id)]],
  ['no id', [{ method: 'GET', url: '/users' }]],
  ['no method', [{ id: '1', url: '/users' }]],
  ['a body without content type', [{ id: '1', method: 'POST', url: '/users', body: {} }]],
  ['a dependency that is not there', [inbox('1', grace.id, ['0'])]],
])('a batch with %s is refused as a whole', async (_what, requests) => {
  const { status, body } = await send(bench, token, requests);

  expect(status).toBe(400);
  expect(body.error.code).toBe('BadRequest');
});

test('a batch without requests, or without token, is refused', async () => {
  const empty = await bench.graph(token, '/$batch', json({}));
  const anonymous = await bench.graph('', '/$batch', json({ requests: [] }));

  expect([empty.status, anonymous.status]).toEqual([400, 401]);
});

test('what depends on a failed request fails with 424', async () => {
  const { byId } = await send(bench, token, [
    inbox('1', linus.id),
    inbox('2', grace.id, ['1']),
    inbox('3', grace.id, ['2']),
  ]);

  expect(['1', '2', '3'].map((id) => byId.get(id).status)).toEqual([404, 424, 424]);
});

test('a request inside a batch may have headers of its own', async () => {
  const search = '/users?$search="displayName:ada"&$select=id';

  const { byId } = await send(bench, token, [
    { id: 'with', method: 'GET', url: search, headers: { ConsistencyLevel: 'eventual' } },
    { id: 'without', method: 'GET', url: search },
    { id: 'count', method: 'GET', url: '/users/$count', headers: { ConsistencyLevel: 'eventual' } },
  ]);

  expect(byId.get('with').body.value).toEqual([{ id: ada.id }]);
  expect(byId.get('without').status).toBe(400);
  expect(Number(Buffer.from(byId.get('count').body, 'base64').toString())).toBe(bench.sandbox.tenant.people.length);
});

test('an absolute address or a version inside a batch is refused for that request', async () => {
  const { byId } = await send(bench, token, [
    { id: '1', method: 'GET', url: 'https://graph.microsoft.com/v1.0/users' },
    { id: '2', method: 'GET', url: '/v1.0/users' },
  ]);

  expect([byId.get('1').status, byId.get('2').status]).toEqual([400, 400]);
});

test('at most four requests of a batch are in Outlook at a time, so one mailbox is never asked too often at once', async () => {
  await using own = await startBench({ settings: { graphLatencyMs: 5 } });
  const accessToken = await own.appToken('Mail.ReadBasic.All');

  const { byId } = await send(
    own,
    accessToken,
    Array.from({ length: 20 }, (_, index) => inbox(String(index), grace.id)),
  );

  expect([...byId.values()].map((item) => item.status)).toEqual(Array(20).fill(200));
});

test('the requests inside a batch are logged one by one', async () => {
  await using own = await startBench();
  const accessToken = await own.appToken('Mail.ReadBasic.All');

  await send(own, accessToken, [inbox('1', grace.id), inbox('2', linus.id)]);

  const graph = own.sandbox.requests.all.filter((request) => request.service === 'graph');
  expect(graph).toMatchObject([
    { path: `/v1.0/users/${grace.id}/mailFolders/inbox`, status: 200, inBatch: true, query: { $select: 'id' } },
    { path: `/v1.0/users/${linus.id}/mailFolders/inbox`, status: 404, inBatch: true },
    { path: '/v1.0/$batch', method: 'POST', status: 200, inBatch: false },
  ]);
});

test.each([
  ['omit', 1],
  ['repeat', 3],
] as const)('a fault can %s the answer of one request', async (inBatch, count) => {
  await using own = await startBench();
  const accessToken = await own.appToken('Mail.ReadBasic.All');
  own.sandbox.faults.add({ match: { mailbox: ada.id }, answer: { inBatch } });

  const { body } = await send(own, accessToken, [inbox('1', grace.id), inbox('2', ada.id)]);

  expect(body.responses).toHaveLength(count);
});
