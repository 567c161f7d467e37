import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  GraphError,
  type PageCollection,
  PageIterator,
} from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, startBench } from './bench.ts';

// Microsoft's own client for Graph, over HTTPS.

const { ada, grace, linus } = namedPeople;

let bench: Bench;
let client: Client;
beforeAll(async () => {
  bench = await startBench({ people: 250 });
  const token = await bench.appToken('User.Read.All', 'Mail.ReadBasic.All', 'GroupMember.Read.All');
  client = Client.initWithMiddleware({
    authProvider: { getAccessToken: async () => token },
    baseUrl: bench.sandbox.url,
    customHosts: new Set([new URL(bench.sandbox.url).hostname]),
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

test('its page iterator goes over everybody', async () => {
  const first: PageCollection = await client.api('/users').select(['id']).top(70).get();
  const ids: string[] = [];

  await new PageIterator(client, first, (user: { id: string }) => {
    ids.push(user.id);
    return true;
  }).iterate();

  expect(ids).toHaveLength(bench.sandbox.tenant.people.length);
});

test('it searches people and counts them', async () => {
  const found = await client
    .api('/users')
    .header('ConsistencyLevel', 'eventual')
    .search('"displayName:ada" OR "mail:ada"')
    .count(true)
    .select(['id', 'displayName'])
    .get();

  expect(found['@odata.count']).toBe(1);
  expect(found.value).toEqual([{ id: ada.id, displayName: ada.displayName }]);
});

test('it filters groups', async () => {
  const found = await client.api('/groups').filter("mailEnabled eq true and startsWith(displayName,'Sales')").get();

  expect(found.value.map((group: { displayName: string }) => group.displayName)).toEqual(['Sales', 'Sales Europe']);
});

test('it reads the answers of a batch by their ids', async () => {
  const path = (id: string) => `https://graph.microsoft.com/users/${id}/mailFolders/inbox?$select=id,totalItemCount`;
  const content = new BatchRequestContent([
    { id: 'grace', request: new Request(path(grace.id)) },
    { id: 'linus', request: new Request(path(linus.id)) },
  ]);

  const answers = new BatchResponseContent(await client.api('/$batch').post(await content.getContent()));

  expect((await answers.getResponseById('grace').json()).totalItemCount).toBeGreaterThan(0);
  expect(answers.getResponseById('linus').status).toBe(404);
});

test('it reads the code and the request id of an error', async () => {
  const asked = client.api('/users/00000000-0000-4000-a000-000000000000').get();

  const error = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GraphError);
  expect(error).toMatchObject({
    statusCode: 404,
    code: 'Request_ResourceNotFound',
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
});

test('it waits as a throttled answer asks and then gets the answer', async () => {
  bench.sandbox.faults.add({
    match: { path: `/v1.0/users/${ada.id}`, times: 1 },
    answer: { status: 429, headers: { 'Retry-After': '0' }, body: { error: { code: 'TooManyRequests', message: '' } } },
  });

  const user = await client.api(`/users/${ada.id}`).select(['id']).get();

  expect(user.id).toBe(ada.id);
  expect(bench.sandbox.requests.to(`/v1.0/users/${ada.id}`).map((request) => request.status)).toEqual([429, 200]);
});
