import { expect, test } from 'vitest';
import { operationOf, validateBatchResponse, validateRequest, validateResponse } from '../support/graph-openapi.ts';

// The judge itself: it must find what is wrong, or its silence means nothing.

test.each([
  [
    'GET',
    'https://graph.microsoft.com/v1.0/users/1/mailFolders/inbox',
    'GET /users/{user-id}/mailFolders/{mailFolder-id}',
  ],
  ['GET', "/users('a@b.example')/messages", 'GET /users/{user-id}/messages'],
  ['GET', '/users/delta()', 'GET /users/delta()'],
  ['GET', '/groups/1/transitiveMembers/microsoft.graph.user', 'GET /groups/{group-id}/transitiveMembers/graph.user'],
  [
    'GET',
    "/servicePrincipals(appId='1')/appRoleAssignments",
    'GET /servicePrincipals/{servicePrincipal-id}/appRoleAssignments',
  ],
  ['GET', '/users/1/nothing', undefined],
  ['DELETE', '/organization', undefined],
])('%s %s is the operation %s', (method, url, name) => {
  expect(operationOf(method, url)).toBe(name);
});

test.each<[what: string, method: string, url: string, headers: Record<string, string>, body: unknown, problem: RegExp]>(
  [
    ['an unknown operation', 'GET', '/users/1/mailFolder/inbox', {}, undefined, /not an operation/],
    ['an unknown query option', 'GET', '/users?$take=5', {}, undefined, /\$take is not described/],
    ['a property the type does not have', 'GET', '/users?$select=id,displayname2', {}, undefined, /names displayname2/],
    [
      'a sort by a property the type does not have',
      'GET',
      '/users/1/messages?$orderby=received desc',
      {},
      undefined,
      /names received/,
    ],
    ['a missing range', 'GET', '/users/1/calendarView', {}, undefined, /startDateTime is missing/],
    ['a search without its header', 'GET', '/users?$search="displayName:a"', {}, undefined, /ConsistencyLevel/],
    ['a body that belongs nowhere', 'GET', '/users', {}, {}, /no body/],
    [
      'a body with an unknown name',
      'POST',
      '/servicePrincipals/1/appRoleAssignedTo',
      {},
      { principal: '1' },
      /principal is a name/,
    ],
    [
      'a batch of 21',
      'POST',
      '/$batch',
      {},
      { requests: Array.from({ length: 21 }, (_, id) => ({ id: `${id}`, method: 'GET', url: '/users' })) },
      /20 are allowed/,
    ],
    [
      'a batch with an absolute address',
      'POST',
      '/$batch',
      {},
      { requests: [{ id: '1', method: 'GET', url: '/v1.0/users' }] },
      /not relative/,
    ],
    [
      'a batch with a wrong request',
      'POST',
      '/$batch',
      {},
      { requests: [{ id: '1', method: 'GET', url: '/user' }] },
      /not an operation/,
    ],
  ],
)('a request is refused for %s', (_what, method, url, headers, body, problem) => {
  expect(validateRequest(method, url, headers, body).join('; ')).toMatch(problem);
});

test.each<[what: string, url: string, status: number, body: unknown, problem: RegExp]>([
  ['a wrong type', '/users/1', 200, { id: '1', accountEnabled: 'yes' }, /accountEnabled must be boolean/],
  ['an unknown name', '/users/1', 200, { id: '1', display: 'Ada' }, /display is a name no type has/],
  ['an unknown name in a collection', '/users', 200, { value: [{ id: '1', nick: 'a' }] }, /value\/0\/nick/],
  ['a word outside an enumeration', '/users/1/mailboxSettings', 200, { userPurpose: 'human' }, /userPurpose/],
  [
    'an unknown name behind a derived type',
    '/groups/1/members',
    200,
    { value: [{ '@odata.type': '#microsoft.graph.user', id: '1', mailEnabled: true }] },
    /mailEnabled/,
  ],
  ['an error without code', '/users/1', 404, { error: { message: 'gone' } }, /code/],
])('an answer is refused for %s', (_what, url, status, body, problem) => {
  expect(validateResponse('GET', url, status, body).join('; ')).toMatch(problem);
});

test('an answer to a batch is judged by the request with its id', () => {
  const request = { requests: [{ id: '1', method: 'GET', url: '/users/1' }] };
  const responses = [
    { id: '1', status: 200, body: { id: '1', name: 'Ada' } },
    { id: '2', status: 200, body: {} },
  ];

  const problems = validateBatchResponse(request, { responses });

  expect(problems).toEqual([
    expect.stringContaining('/name is a name no type has'),
    expect.stringContaining('nobody sent'),
  ]);
});
