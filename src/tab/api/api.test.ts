import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { listOrganizations } from '../../contract/organizations.ts';
import { getUser, listUsers, removeUsers } from '../../contract/users.ts';
import { anOrganization, countsOf, userIdOf } from '../testing/fixtures.ts';
import { answer, failToConnect, refuse, service } from '../testing/service.ts';
import { createApi } from './api.ts';
import { AnswerNotUnderstood, ApiError, ServiceUnreachable } from './api-error.ts';

const api = createApi(async () => 'token');
const aPage = { users: [], nextCursor: null, counts: countsOf(), total: 0 };

test('a call carries the token and its query, and leaves out what is undefined', async () => {
  const calls = answer(listUsers, aPage);
  await api.call(listUsers, { query: { search: 'a&b', status: undefined, limit: 5 } });
  expect(calls[0]?.authorization).toBe('Bearer token');
  expect(calls[0]?.url.search).toBe('?search=a%26b&limit=5');
});

test('a body is sent as JSON', async () => {
  const calls = answer(removeUsers, { removed: 1, keptInitialized: [] });
  await api.call(removeUsers, { body: { userIds: [userIdOf(1)], force: true } });
  expect(calls[0]?.body).toEqual({ userIds: [userIdOf(1)], force: true });
});

test('a refused token is renewed once', async () => {
  const asked: unknown[] = [];
  const renewing = createApi(async (options) => {
    asked.push(options?.renew ?? false);
    return options?.renew ? 'new' : 'old';
  });
  service.use(
    http.get('*/api/organizations', ({ request }) =>
      request.headers.get('authorization') === 'Bearer new'
        ? HttpResponse.json({ organizations: [anOrganization()] })
        : new HttpResponse(null, { status: 401 }),
    ),
  );
  const { organizations } = await renewing.call(listOrganizations, {});
  expect(organizations).toHaveLength(1);
  expect(asked).toEqual([false, true]);
});

test('a token refused twice is an answer', async () => {
  const calls = refuse(listOrganizations, 'token.invalid');
  await expect(api.call(listOrganizations, {})).rejects.toMatchObject({
    code: 'token.invalid',
    requestId: 'request-1',
  });
  expect(calls).toHaveLength(2);
});

test('a problem document becomes an error with title, remedy and request id', async () => {
  refuse(getUser, 'user.not_found');
  const error = await api.call(getUser, { params: { userId: userIdOf(1) } }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ title: 'The user does not exist here', remedy: 'Reload the list of users.' });
});

test('a network without the service is told apart', async () => {
  failToConnect(listOrganizations);
  await expect(api.call(listOrganizations, {})).rejects.toBeInstanceOf(ServiceUnreachable);
});

test('a proxy that answers HTML in place of the service is not the service', async () => {
  service.use(http.get('*/api/organizations', () => HttpResponse.html('<h1>Bad gateway</h1>', { status: 502 })));
  await expect(api.call(listOrganizations, {})).rejects.toBeInstanceOf(ServiceUnreachable);
});

test('an answer of another version is not taken for ours', async () => {
  service.use(http.get('*/api/organizations', () => HttpResponse.json({ organizations: 'many' })));
  await expect(api.call(listOrganizations, {})).rejects.toBeInstanceOf(AnswerNotUnderstood);
});

test('an aborted call ends as aborted, not as unreachable', async () => {
  service.use(http.get('*/api/organizations', () => new Promise<never>(() => {})));
  const abort = new AbortController();
  const call = api.call(listOrganizations, {}, { signal: abort.signal });
  abort.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});
