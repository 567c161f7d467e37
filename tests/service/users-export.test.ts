import { get } from 'node:http';
import { parse } from 'csv-parse/sync';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { User } from '../../src/contract/users.ts';
import type { OrganizationId, UserId } from '../../src/domain/ids.ts';
import { usersCsv } from '../../src/service/features/users/users-csv.ts';
import { fileResponse } from '../../src/service/http/file-answer.ts';
import { listen } from '../../src/service/http/server.ts';
import { type Bench, startBench, type TestAdmin } from '../support/bench.ts';

const hostile = '"; filename=x.exe Zoë 株式会社';
let bench: Bench;
let admin: TestAdmin;
let organizationId: OrganizationId;

beforeAll(async () => {
  bench = await startBench();
  admin = bench.signIn('ada@contoso.example');
  const created = await admin.call(api.createOrganization, { body: { name: hostile, externalId: 'hostile' } });
  organizationId = created.id;
  const users = Array.from({ length: 1_207 }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as UserId,
    displayName: index < 7 ? `=Seven ${index}` : `Person ${index}`,
    userPrincipalName: `person${index}@contoso.example`,
    mail: null,
  }));
  for (const part of [users.slice(0, 700), users.slice(700)])
    await admin.call(api.addUsers, { params: { organizationId }, body: { users: part } });
});
afterAll(() => bench[Symbol.asyncDispose]());

const rowsOf = (text: string) =>
  parse(text, { bom: true, columns: false, from: 2 }) as unknown as [name: string, userPrincipalName: string][];

async function listed(query: object) {
  const users: User[] = [];
  let cursor: string | null = null;
  do {
    const page: { users: User[]; nextCursor: string | null } = await admin.call(api.listUsers, {
      query: { ...query, limit: 500, ...(cursor ? { cursor } : {}) },
    });
    users.push(...page.users);
    cursor = page.nextCursor;
  } while (cursor);
  return users.map(({ userPrincipalName }) => userPrincipalName);
}

test('fault 82: filtered to 7 of 1,207 rows, the file has exactly these 7, and its name says so', async () => {
  const query = { organizationId, search: 'seven', status: 'not_checked' };

  const response = await admin.send(api.exportUsers, { query });

  expect(response.status).toBe(200);
  const text = Buffer.from(await response.arrayBuffer()).toString();
  expect(rowsOf(text).map(([name]) => name)).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `'=Seven ${index}`));
  expect(response.headers.get('content-disposition')).toMatch(/_not-checked_search-seven_\d{8}T\d{6}Z_7\.csv$/);
});

test('fault 82: without a filter it is everybody, in the order of the list', async () => {
  for (const sort of ['status', 'name'] as const) {
    const text = await (await admin.send(api.exportUsers, { query: { sort } })).text();
    expect(rowsOf(text).map(([, name]) => name)).toEqual(await listed({ sort }));
  }
});

test('as JSON it is the same people, in the same order, under the same name', async () => {
  const query = { organizationId, search: 'seven', sort: 'name' };
  const csv = await admin.send(api.exportUsers, { query });
  const json = await admin.send(api.exportUsersAsJson, { query });

  const users = (await json.json()) as { userPrincipalName: string; status: string; checkedAt: null }[];

  expect(users.map((one) => one.userPrincipalName)).toEqual(rowsOf(await csv.text()).map(([, name]) => name));
  expect(users[0]).toMatchObject({ name: '=Seven 0', status: 'Not checked', checkedAt: null });
  expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(json.headers.get('content-disposition')).toMatch(/^attachment; .*_search-seven_\d{8}T\d{6}Z_7\.json$/);
});

test('fault 84: an organization’s name cannot become another file', async () => {
  const response = await admin.send(api.exportUsers, { query: { organizationId, search: 'seven' } });
  await response.body?.cancel();

  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="users_filename=x-exe-Zo_-_+_all_search-seven_\w+_7\.csv"; filename\*=UTF-8''users_filename%3Dx-exe-Zo%C3%AB-%E6[%\w-]+\.csv$/,
  );
});

test('an organization that does not exist is refused', async () => {
  const query = { organizationId: '00000000-0000-4000-8000-00000000ffff' };
  const response = await admin.send(api.exportUsers, { query });
  expect(await response.json()).toMatchObject({ code: 'organization.not_found' });
});

test('each export is one line of the activity', async () => {
  const before = (await admin.call(api.listActivity)).activities.filter(({ type }) => type === 'users.exported').length;

  await (await admin.send(api.exportUsers, { query: { organizationId, search: 'seven' } })).text();

  const { activities } = await admin.call(api.listActivity);
  expect(activities.filter(({ type }) => type === 'users.exported')).toHaveLength(before + 1);
  expect(activities[0]).toMatchObject({
    type: 'users.exported',
    organizationName: hostile,
    details: { users: 7, search: 'seven' },
  });
});

test('fault 82: a user who is removed meanwhile breaks the file off instead of leaving a gap', async () => {
  const response = await admin.send(api.exportUsers, { query: { sort: 'name' } });
  const reader = response.body?.getReader();
  await reader?.read();
  await admin.call(api.removeUsers, { body: { userIds: ['00000000-0000-4000-8000-000000000999' as UserId] } });

  const readAll = async () => {
    while (!(await reader?.read())?.done);
  };

  await expect(readAll()).rejects.toThrow('removed');
});

/** A server of one file, and its pages. */
async function serve(pages: AsyncGenerator<User[]>) {
  const app = new Hono();
  app.get('/file', () => fileResponse('text/csv', { baseName: 'users', body: usersCsv(pages) }));
  return listen(app as never, { host: '127.0.0.1', port: 0, tls: undefined } as never);
}

test('fault 82: on the wire, half a file ends with a broken connection', async () => {
  const silent = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { users } = await admin.call(api.listUsers, { query: { limit: 500 } });
  for (const pagesBefore of [0, 1]) {
    const server = await serve(
      (async function* () {
        for (let page = 0; page < pagesBefore; page++) yield users;
        throw new Error('secret of the database');
      })(),
    );
    let text = '';
    const failure = await new Promise((resolve) => {
      get({ port: server.port, path: '/file', agent: false }, (response) => {
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', resolve);
        response.on('end', () => resolve(undefined));
      }).on('error', resolve);
    });
    expect(failure).toBeInstanceOf(Error);
    expect(text).not.toContain('secret');
    await server.close(0);
  }
  silent.mockRestore();
});

test('fault 83: a client that goes away ends the reading', async () => {
  const { users } = await admin.call(api.listUsers, { query: { limit: 500 } });
  let isOver = false;
  const server = await serve(
    (async function* () {
      try {
        for (;;) yield users;
      } finally {
        isOver = true;
      }
    })(),
  );
  get({ port: server.port, path: '/file', agent: false }, (response) => {
    response.once('data', () => response.destroy());
  }).on('error', () => {});
  await expect.poll(() => isOver, { timeout: 5_000 }).toBe(true);
  await server.close(0);
});
