import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Provisioning, ProvisioningRow } from '../../src/contract/provisioning.ts';
import type { OrganizationId, ProvisioningId } from '../../src/domain/ids.ts';
import type { CsvMapping } from '../../src/domain/provisioning/csv-columns.ts';
import type { RowGroup, RowVerdict } from '../../src/domain/provisioning/row-verdict.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import type { DatabaseSource } from '../../src/service/db/database.ts';
import { asNewUser, type Bench, type BenchOptions, startBench, type TestAdmin } from '../support/bench.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

const { ada, grace, linus, foundationOnly, sharedMailbox, guest, onPremises, softDeleted, inactive, disabled, member } =
  namedPeople;

const databases: readonly (readonly [string, () => Promise<DatabaseSource | undefined>])[] = [
  ['embedded', async () => undefined],
  ['PostgreSQL', async () => ({ kind: 'postgres', url: await server.createDatabase() })],
];

async function open(database: DatabaseSource | undefined, options: BenchOptions = {}) {
  const bench = await startBench({ granted: ['User.Read.All'], ...options, ...(database ? { database } : {}) });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [], 'Head office');
  return { bench, admin, organizationId };
}

const at = ({ id }: { readonly id: ProvisioningId }) => ({ params: { provisioningId: id } });

/** Sends a whole file and chooses its columns. */
async function bring(admin: TestAdmin, organizationId: OrganizationId, text: string, mapping?: CsvMapping) {
  const bytes = Buffer.byteLength(text);
  const started = await admin.call(api.startProvisioning, {
    params: { organizationId },
    body: { source: 'csv', name: 'people.csv', bytes },
  });
  const response = await admin.send(api.uploadProvisioningFile, { ...at(started), body: text });
  const received = (await response.json()) as Provisioning;
  const wanted = mapping ?? received.file?.mapping ?? {};
  return admin.call(api.mapProvisioningFile, { ...at(started), body: { mapping: wanted } });
}

async function rowsOf(admin: TestAdmin, of: { readonly id: ProvisioningId }, group: RowGroup) {
  const rows: ProvisioningRow[] = [];
  for (let hasMore = true; hasMore; ) {
    const page = await admin.call(api.listProvisioningRows, {
      ...at(of),
      query: { group, after: rows.at(-1)?.line ?? 0, limit: 500 },
    });
    rows.push(...page.rows);
    hasMore = page.hasMore;
  }
  return rows;
}

const countsOf = ({ counts }: Provisioning) =>
  Object.fromEntries(counts.map(({ verdict, count }) => [verdict, count])) as Partial<Record<RowVerdict, number>>;

const users = async (admin: TestAdmin) => (await admin.call(api.listUsers, { query: { limit: 500 } })).users;

describe.each(databases)('on %s', (_name, database) => {
  test('each line of a file gets one verdict, and nobody is added before the admin says so', async () => {
    const { bench, admin, organizationId } = await open(await database());
    await using _ = bench;
    await bench.organizationWith(admin, [bench.sandbox.tenant.person(disabled.id)], 'Sales');
    await admin.call(api.addUsers, {
      params: { organizationId },
      body: { users: [asNewUser(bench.sandbox.tenant.person(member.id))] },
    });
    const before = (await users(admin)).length;
    const lines = [
      'Name;E-mail;Object Id', // 1
      `Ada;;${ada.id.toUpperCase()}`, // 2
      `Grace;${grace.userPrincipalName};`, // 3
      `Linus;;${linus.id}`, // 4
      `Rosalind;;${foundationOnly.id}`, // 5
      `Info;${sharedMailbox.userPrincipalName};`, // 6
      `Guest;;${guest.id}`, // 7
      `Henrietta;${onPremises.userPrincipalName};`, // 8
      `Hedy;;${softDeleted.id}`, // 9
      `Emmy;${inactive.userPrincipalName};`, // 10
      `Alan;;${disabled.id}`, // 11
      `Mary;;${member.id}`, // 12
      'Nobody;nobody@contoso.example;', // 13
      `Ada again;;${ada.id}`, // 14
      `Grace again;;${grace.id}`, // 15
      ';;', // 16, empty
      'No address;nobody;', // 17
      'No id;;12', // 18
      'Nothing;;', // 19
      `Moved;;${ada.id};x`, // 20
    ];

    const { id } = await bring(admin, organizationId, lines.join('\r\n'));
    await bench.queue.drain();
    const checked = await admin.call(api.getProvisioning, at({ id }));

    expect(checked).toMatchObject({ state: 'ready', total: 18, checked: 18, added: 0, stoppedBecause: null });
    expect((await users(admin)).length).toBe(before);
    const all = await Promise.all(
      (['ready', 'fixable', 'impossible', 'skipped'] as const).map((group) => rowsOf(admin, { id }, group)),
    );
    const verdicts = all.flat().map(({ line, verdict, duplicateOf, organizationName }) => ({
      line,
      verdict,
      ...(duplicateOf === null ? {} : { duplicateOf }),
      ...(organizationName === null ? {} : { organizationName }),
    }));
    expect(verdicts.sort((a, b) => a.line - b.line)).toEqual([
      { line: 2, verdict: 'eligible' },
      { line: 3, verdict: 'eligible' },
      { line: 4, verdict: 'no_licence' },
      { line: 5, verdict: 'no_licence' },
      { line: 6, verdict: 'shared_mailbox' },
      { line: 7, verdict: 'guest' },
      { line: 8, verdict: 'on_premises' },
      { line: 9, verdict: 'deleted' },
      { line: 10, verdict: 'no_licence' },
      { line: 11, verdict: 'in_another_organization', organizationName: 'Sales' },
      { line: 12, verdict: 'already_here' },
      { line: 13, verdict: 'not_in_directory' },
      { line: 14, verdict: 'row.duplicate', duplicateOf: 2 },
      { line: 15, verdict: 'row.duplicate', duplicateOf: 3 },
      { line: 17, verdict: 'row.address' },
      { line: 18, verdict: 'row.object_id' },
      { line: 19, verdict: 'row.nobody_named' },
      { line: 20, verdict: 'row.too_many_cells' },
    ]);

    await admin.call(api.applyProvisioning, { ...at({ id }), body: {} });
    await bench.queue.drain();
    const applied = await admin.call(api.getProvisioning, at({ id }));
    expect(applied).toMatchObject({ state: 'applied', added: 3 });
    expect((await rowsOf(admin, { id }, 'added')).map(({ line }) => line)).toEqual([2, 3, 6]);
    const here = await admin.call(api.listUsers, { query: { organizationId, sort: 'name' } });
    expect(here.users.map(({ displayName }) => displayName)).toEqual([
      ada.displayName,
      sharedMailbox.displayName,
      grace.displayName,
      member.displayName,
    ]);
    const { activities } = await admin.call(api.listActivity);
    expect(activities[0]).toMatchObject({
      type: 'users.added',
      by: ada.displayName,
      details: { users: 3, source: 'csv' },
    });
  });

  test('what needs attention is a file with line, cause and remedy that a spreadsheet may be given', async () => {
    const { bench, admin, organizationId } = await open(await database());
    await using _ = bench;
    const { id } = await bring(
      admin,
      organizationId,
      `mail,upn\n,${ada.userPrincipalName}\n,=cmd|'/C_calc'!a@b.example\n,+1\n,${guest.userPrincipalName}`,
    );
    await bench.queue.drain();

    const response = await admin.send(api.exportProvisioningRows, at({ id }));
    const rows = parse(await response.text(), { bom: true, columns: true }) as Record<string, string>[];

    expect(rows.map(({ Line, Named, Verdict, Cause }) => [Line, Named, Verdict, Cause])).toEqual([
      ['3', "'=cmd|'/c_calc'!a@b.example", 'not_in_directory', 'not in the directory'],
      ['4', "'+1", 'row.address', 'not an e-mail address'],
      ['5', guest.userPrincipalName.toLowerCase(), 'guest', 'guest'],
    ]);
    expect(rows.every(({ Remedy }) => Remedy !== '')).toBe(true);
  });
});

test('everybody with a licensed mailbox is found, over many pages, and nobody else', async () => {
  const { bench, admin, organizationId } = await open(undefined, { sandbox: { people: 1_200 } });
  await using _ = bench;
  const { id } = await admin.call(api.startProvisioning, { params: { organizationId }, body: { source: 'licensed' } });
  await bench.queue.drain();
  const { state, counts, total } = await admin.call(api.getProvisioning, at({ id }));

  const licensed = bench.sandbox.tenant.people.filter(({ licences }) =>
    licences.some((licence) => licence !== 'powerAutomateFree'),
  );
  const off = licensed.filter(({ accountEnabled }) => !accountEnabled).length;
  expect({ state, total }).toEqual({ state: 'ready', total: licensed.length });
  expect(total).toBeGreaterThan(800);
  expect(countsOf({ counts } as Provisioning)).toEqual({ account_disabled: off, eligible: licensed.length - off });
});

test.each([
  ['left meanwhile', { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'no such user' } } }],
  ['has lost the licence meanwhile', { status: 200, body: { value: [] } }],
])('one who %s says nothing of a product', async (_name, answer) => {
  const { bench, admin, organizationId } = await open(undefined, { sandbox: { people: 200 } });
  await using _ = bench;
  bench.sandbox.faults.add({ match: { path: /licenseDetails/, times: 2 }, answer });
  const { id } = await admin.call(api.startProvisioning, { params: { organizationId }, body: { source: 'licensed' } });
  await bench.queue.drain();
  const { state, total } = await admin.call(api.getProvisioning, at({ id }));

  const licensed = bench.sandbox.tenant.people.filter(({ licences }) =>
    licences.some((licence) => licence !== 'powerAutomateFree'),
  );
  expect({ state, total }).toEqual({ state: 'ready', total: licensed.length });
});

test('people who were chosen can be added before consent; whom only the directory knows waits for it', async () => {
  const { bench, admin, organizationId } = await open(undefined, { granted: [] });
  await using _ = bench;
  const people = [grace, linus].map(({ id }) => asNewUser(bench.sandbox.tenant.person(id)));
  const { id } = await admin.call(api.startProvisioning, {
    params: { organizationId },
    body: { source: 'people', people: [...people, ...people] },
  });
  const file = await bring(admin, organizationId, `upn\n${ada.userPrincipalName}\n`);
  await bench.queue.drain();

  const chosen = await admin.call(api.getProvisioning, at({ id }));
  expect(chosen).toMatchObject({ state: 'ready', total: 2, counts: [{ verdict: 'not_verified', count: 2 }] });
  const unread = await admin.call(api.getProvisioning, at(file));
  expect(unread).toMatchObject({ state: 'stopped', stoppedBecause: 'consent.permission_missing', checked: 0 });

  const refused = await admin.send(api.applyProvisioning, { ...at({ id }), body: {} });
  expect(await refused.json()).toMatchObject({ code: 'provisioning.nobody' });
  await admin.call(api.applyProvisioning, { ...at({ id }), body: { includeFixable: true } });
  bench.sandbox.tenant.grants.grant('User.Read.All');
  bench.clock.advance(2 * 3600_000);
  await admin.call(api.resumeProvisioning, { ...at(file), body: {} });
  await bench.queue.drain();
  expect(await admin.call(api.getProvisioning, at({ id }))).toMatchObject({ state: 'applied', added: 2 });
  expect(await admin.call(api.getProvisioning, at(file))).toMatchObject({
    state: 'ready',
    counts: [{ verdict: 'eligible', count: 1 }],
  });
});

describe('a file on its way', () => {
  let bench: Bench;
  let admin: TestAdmin;
  let organizationId: OrganizationId;
  beforeAll(async () => {
    ({ bench, admin, organizationId } = await open(undefined, { environment: { IMPORT_MEGABYTES: '1' } }));
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const start = (bytes: number) =>
    admin.call(api.startProvisioning, { params: { organizationId }, body: { source: 'csv', name: 'p.csv', bytes } });
  const send = async (of: Provisioning, offset: number, body: string) => {
    const response = await admin.send(api.uploadProvisioningFile, { ...at(of), query: { offset }, body });
    return { status: response.status, body: await response.json() };
  };

  test('goes on where a broken connection left it, and a part that is not the next one is refused', async () => {
    const text = `upn\n${ada.userPrincipalName}\n`;
    const started = await start(text.length);
    expect(await send(started, 0, text.slice(0, 10))).toMatchObject({
      body: { state: 'receiving', file: { receivedBytes: 10 } },
    });
    expect(await send(started, 4, text.slice(4))).toMatchObject({
      status: 409,
      body: { code: 'provisioning.wrong_offset', details: { receivedBytes: 10 } },
    });
    expect(await send(started, 10, `${text.slice(10)}and more`)).toMatchObject({ status: 409 });
    expect(await send(started, 10, text.slice(10))).toMatchObject({
      body: {
        state: 'mapping',
        file: { headings: ['upn'], mapping: { userPrincipalName: 0 }, sample: [[ada.userPrincipalName]] },
      },
    });
  });

  test('is refused before it is sent when it is larger than the operator lets it be', async () => {
    const response = await admin.send(api.startProvisioning, {
      params: { organizationId },
      body: { source: 'csv', name: 'p.csv', bytes: 1024 * 1024 + 1 },
    });
    expect(await response.json()).toMatchObject({ code: 'request.too_large', details: { limitBytes: 1024 * 1024 } });
  });

  test.each([
    ['a workbook', 'PK\x03\x04xl/workbook', { problem: 'not_text', line: null }],
    ['headings without rows', 'upn\n', { problem: 'no_rows', line: null }],
  ])('is refused when it is %s', async (_case, text, refusal) => {
    const started = await start(text.length);
    expect(await send(started, 0, text)).toMatchObject({ body: { state: 'refused', refusal } });
  });

  test('fault 85: one that breaks below is refused whole: nothing of it stays, and nobody was added', async () => {
    const good = Array.from({ length: 5_000 }, (_, index) => `person${index}@contoso.example`);
    const { id } = await bring(admin, organizationId, ['upn', ...good, `"${'x'.repeat(200)}`].join('\n'));
    await bench.queue.drain();
    const refused = await admin.call(api.getProvisioning, at({ id }));
    expect(refused).toMatchObject({ state: 'refused', refusal: { problem: 'broken', line: 5_002 }, total: 0 });
    expect(await rowsOf(admin, { id }, 'waiting')).toEqual([]);
    expect(await users(admin)).toEqual([]);
  });

  test('a mapping of a column that is not there is refused', async () => {
    const text = `upn\n${ada.userPrincipalName}\n`;
    const started = await start(text.length);
    await send(started, 0, text);
    const response = await admin.send(api.mapProvisioningFile, { ...at(started), body: { mapping: { id: 7 } } });
    expect(await response.json()).toMatchObject({ code: 'request.invalid' });
  });

  test('what was discarded is gone, and what is older than 30 days is forgotten', async () => {
    const [first, second] = [await start(10), await start(10)];
    expect((await admin.send(api.discardProvisioning, at(first))).status).toBe(204);
    expect((await admin.send(api.getProvisioning, at(first))).status).toBe(404);
    bench.clock.advance(31 * 24 * 3600_000);
    const third = await start(10);
    const { provisionings } = await admin.call(api.listProvisionings);
    expect(provisionings.map(({ id }) => id)).toContain(third.id);
    expect(provisionings.map(({ id }) => id)).not.toContain(second.id);
  });
});

test('whoever came another way between the preview and the word to add is not added twice', async () => {
  const { bench, admin, organizationId } = await open(undefined);
  await using _ = bench;
  const other = await bench.organizationWith(admin, [], 'Sales');
  const people = [ada, grace, disabled].map(({ id }) => asNewUser(bench.sandbox.tenant.person(id)));
  const { id } = await admin.call(api.startProvisioning, {
    params: { organizationId },
    body: { source: 'groups', people },
  });
  await bench.queue.drain();
  await admin.call(api.addUsers, { params: { organizationId }, body: { users: people.slice(0, 1) } });
  await admin.call(api.addUsers, { params: { organizationId: other }, body: { users: people.slice(1, 2) } });
  await admin.call(api.applyProvisioning, { ...at({ id }), body: {} });
  await bench.queue.drain();

  const applied = await admin.call(api.getProvisioning, at({ id }));
  expect(applied).toMatchObject({ state: 'applied', added: 1 });
  expect(countsOf(applied)).toEqual({ added: 1, already_here: 1, in_another_organization: 1 });
  const again = await admin.send(api.applyProvisioning, { ...at({ id }), body: {} });
  expect(await again.json()).toMatchObject({ code: 'provisioning.wrong_state' });
});

test('a throttled or silent directory delays and never decides: it stops, and goes on from there', async () => {
  const { bench, admin, organizationId } = await open(undefined, { sandbox: { people: 400 } });
  await using _ = bench;
  const everybody = bench.sandbox.tenant.people.filter(({ userType }) => userType === 'Member');
  const text = ['id', ...everybody.map(({ id }) => id)].join('\n');
  bench.sandbox.faults.add({ match: { method: 'GET', path: '/v1.0/users' }, answer: { status: 503 } });
  const { id } = await bring(admin, organizationId, text);
  await bench.queue.drain();
  expect(await admin.call(api.getProvisioning, at({ id }))).toMatchObject({
    state: 'stopped',
    stoppedBecause: 'microsoft.unavailable',
  });
  bench.sandbox.faults.clear();
  await admin.call(api.resumeProvisioning, { ...at({ id }), body: {} });
  await bench.queue.drain();
  expect(await admin.call(api.getProvisioning, at({ id }))).toMatchObject({
    state: 'ready',
    checked: everybody.length,
  });
});
