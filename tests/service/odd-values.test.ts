import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { inTransaction } from '../../src/service/db/transaction.ts';
import { startBench } from '../support/bench.ts';
import { bothEngines } from '../support/both-engines.ts';

// Fault 168: what no keyboard writes is refused before it comes to the database, or stored as it is.

const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    'NUL \0 inside',
    'half a character \ud83d',
    '\u202eright to left',
    '\ufeffmark',
    'e\u0301',
    '\u{10ffff}',
  ),
);

describe.each(bothEngines().sources)('fault 168: on %s', (_name, database) => {
  test('a text is stored exactly, or refused', async () => {
    await using bench = await startBench({ database: await database() });
    const admin = bench.signIn('ada@contoso.example');
    const { id } = await admin.call(api.createOrganization, { body: { name: 'x', externalId: 'x' } });
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const params = { organizationId: id };
        const { status } = await admin.send(api.updateOrganization, { params, body: { name: text } });
        const isGood = !text.includes('\0') && text.isWellFormed() && text.trim() !== '' && text.trim().length <= 120;
        expect(status).toBe(isGood ? 200 : 400);
        if (isGood) expect((await admin.call(api.getOrganization, { params })).name).toBe(text.trim());
        const found = await admin.send(api.listUsers, { query: { search: text } });
        expect(found.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['bytes that are no UTF-8', Buffer.from('{"name":"caf\xe9","externalId":"x"}', 'latin1'), 400],
    ['half a character as an escape', Buffer.from('{"name":"\\ud83d","externalId":"x"}'), 400],
    ['a NUL as an escape', Buffer.from('{"name":"a\\u0000b","externalId":"x"}'), 400],
    ['a text without an end', Buffer.from(`{"name":"${'x'.repeat(3_000_000)}","externalId":"x"}`), 413],
  ])('a body with %s is refused', async (_what, body, status) => {
    await using bench = await startBench({ database: await database() });
    const { token } = bench.signIn('ada@contoso.example');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

    const response = await bench.fetch('/api/organizations', { method: 'POST', headers, body });

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code: expect.stringMatching(/^request\./) });
  });

  test('a moment is the same one in every time zone, from the hour that comes twice to the last one of 9999', async () => {
    await using bench = await startBench({ database: await database() });
    const admin = bench.signIn('ada@contoso.example');
    const { id } = await admin.call(api.createOrganization, { body: { name: 'x', externalId: 'x' } });
    for (const zone of ['Pacific/Chatham', 'America/St_Johns', 'Europe/Berlin', 'UTC']) {
      for (const moment of ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.001Z', '9999-12-31T23:59:59.999Z']) {
        const read = await inTransaction(bench.service.database.db, async (tx) => {
          await sql`set local timezone to ${sql.lit(zone)}`.execute(tx);
          await tx
            .updateTable('organizations')
            .set({ updated_at: new Date(moment) })
            .where('id', '=', id)
            .execute();
          return tx.selectFrom('organizations').select('updated_at').where('id', '=', id).executeTakeFirstOrThrow();
        });
        expect(`${zone} ${read.updated_at.toISOString()}`).toBe(`${zone} ${moment}`);
      }
    }
  });
});
