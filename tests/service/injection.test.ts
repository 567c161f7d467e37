import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { type Bench, startBench } from '../support/bench.ts';
import { bothEngines } from '../support/both-engines.ts';

const corpus = [
  `'; drop table users; --`,
  `' or '1'='1`,
  `\\'; select pg_sleep(10); --`,
  `$$; reset role; $$`,
  `" ; delete from organizations where true; "`,
  `%' union select null, current_user --`,
  `name); truncate activities; (`,
  `\u02bc; drop schema public cascade; --`,
  `{"$gt":""}`,
  `1; begin; commit`,
];

describe.each(bothEngines().sources)('fault 169: on %s', (_name, database) => {
  async function rowsOf(bench: Bench) {
    const { rows } = await sql<Record<string, number>>`
      select (select count(*) from users) as users, (select count(*) from organizations) as organizations,
        (select count(*) from information_schema.tables where table_schema = 'public') as tables
    `.execute(bench.service.database.db);
    return rows[0];
  }

  test('whatever stands in a text is text: in bodies, filters, orders, cursors and paths', async () => {
    await using bench = await startBench({ database: await database() });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
    const before = await rowsOf(bench);
    const answers: string[] = [];
    const told = async (what: string, answer: Promise<Response>) => {
      const { status } = await answer;
      if (status >= 500) answers.push(`${what}: ${status}`);
    };

    for (const [index, text] of corpus.entries()) {
      const name = `${text} ${index}`;
      const created = await admin.call(api.createOrganization, { body: { name, externalId: `external-${index}` } });
      const { organizations } = await admin.call(api.listOrganizations);
      expect(organizations.find(({ id }) => id === created.id)?.name).toBe(name);
      await told(
        'externalId',
        admin.send(api.createOrganization, { body: { name: 'x', externalId: text.slice(0, 60) } }),
      );
      const user = {
        id: crypto.randomUUID() as UserId,
        displayName: text,
        userPrincipalName: `${index}@x`,
        mail: text,
      };
      await told('users', admin.send(api.addUsers, { params: { organizationId }, body: { users: [user] } }));
      const file = { source: 'csv', name: text, bytes: 1 };
      await told('file name', admin.send(api.startProvisioning, { params: { organizationId }, body: file }));
      for (const query of ['search', 'sort', 'status', 'cursor', 'organizationId', 'limit'])
        await told(query, admin.send(api.listUsers, { query: { [query]: text } }));
      await told('path', admin.send(api.getUser, { params: { userId: text } }));
      await told('check', admin.send(api.getConnectivityCheck, { params: { checkId: text } }));
      await told('activity', admin.send(api.listActivity, { query: { cursor: text } }));
    }

    const after = await rowsOf(bench);
    expect(answers).toEqual([]);
    expect(after?.tables).toBe(before?.tables);
    expect(after?.users).toBeGreaterThanOrEqual(before?.users ?? 0);
    expect(after?.organizations).toBeGreaterThanOrEqual((before?.organizations ?? 0) + corpus.length);
  });
});
