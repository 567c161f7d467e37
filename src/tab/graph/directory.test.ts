import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { service } from '../testing/service.ts';
import { createDirectory, searchOf } from './directory.ts';

const root = 'https://graph.microsoft.com';
const directory = createDirectory(root, async () => 'graph-token');
const ada = {
  id: '87d349ed-0000-4000-8000-000000000001',
  displayName: 'Ada',
  userPrincipalName: 'ada@contoso.example',
  mail: null,
};

test.each([
  ['ada', '"displayName:ada"'],
  ['o’neil "pat"', '"displayName:o’neil \\"pat\\""'],
  ['back\\slash', '"displayName:back\\\\slash"'],
  ['a&b#c+d', '"displayName:a&b#c+d"'],
])('a search for %s reaches Graph as one value', (text, value) => {
  expect(decodeURIComponent(searchOf(['displayName'], text))).toBe(value);
});

test('people are searched with the right headers, fields and token', async () => {
  let asked: Request | undefined;
  service.use(
    http.get(`${root}/v1.0/users`, ({ request }) => {
      asked = request;
      return HttpResponse.json({ value: [ada], '@odata.nextLink': `${root}/v1.0/users?$skiptoken=abc` });
    }),
  );
  const { items, nextLink } = await directory.searchPeople('ada & "co"');

  const url = new URL(asked?.url ?? '');
  expect(url.searchParams.get('$search')).toBe(
    '"displayName:ada & \\"co\\"" OR "mail:ada & \\"co\\"" OR "userPrincipalName:ada & \\"co\\""',
  );
  expect(url.searchParams.get('$select')).toBe('id,displayName,userPrincipalName,mail');
  expect(asked?.headers.get('ConsistencyLevel')).toBe('eventual');
  expect(asked?.headers.get('Authorization')).toBe('Bearer graph-token');
  expect(items).toEqual([ada]);
  expect(nextLink).toContain('$skiptoken=abc');
});

test('groups are found with their kind, as Exchange tells them apart', async () => {
  service.use(
    http.get(`${root}/v1.0/groups`, () =>
      HttpResponse.json({
        value: [
          {
            id: 'g1',
            displayName: 'Sales',
            mail: 's@x.example',
            mailEnabled: true,
            securityEnabled: true,
            groupTypes: [],
          },
          { id: 'g2', displayName: 'Staff', mail: null, mailEnabled: false, securityEnabled: true, groupTypes: [] },
        ],
      }),
    ),
  );
  const { items } = await directory.searchGroups('s');
  expect(items.map(({ kind }) => kind)).toEqual(['mail_enabled_security', 'security']);
});

test('a next link is followed as it is', async () => {
  service.use(
    http.get(`${root}/v1.0/users`, ({ request }) =>
      new URL(request.url).searchParams.get('$skiptoken') === 'a/b=='
        ? HttpResponse.json({ value: [ada] })
        : HttpResponse.json({ value: [] }),
    ),
  );
  const { items } = await directory.nextPeople(`${root}/v1.0/users?$skiptoken=a%2Fb%3D%3D`);
  expect(items).toEqual([ada]);
});

test('a next link to another host gets no token', async () => {
  expect(() => directory.nextPeople('https://graph.microsoft.us/v1.0/users')).toThrow('another host');
});

test('a sovereign or local Graph gets the token; it is given by configuration', async () => {
  const local = createDirectory('https://localhost:4300/graph', async () => 'local-token');
  let authorization: string | null = null;
  service.use(
    http.get('https://localhost:4300/graph/v1.0/groups', ({ request }) => {
      authorization = request.headers.get('Authorization');
      return HttpResponse.json({ value: [{ id: 'g1', displayName: 'Sales', mail: null }] });
    }),
  );
  expect((await local.searchGroups('sal')).items).toEqual([
    { id: 'g1', displayName: 'Sales', mail: null, kind: 'other' },
  ]);
  expect(authorization).toBe('Bearer local-token');
});
