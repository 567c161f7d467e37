import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { expect, test } from 'vitest';
import { checksumOf } from './migration-checksums.ts';

const step = (statement: string): Migration => ({
  async up(db) {
    await sql.raw(statement).execute(db);
  },
});

test('a step has the same checksum however it is laid out, and another one when it does something else', async () => {
  const first = await checksumOf(step('create table a (\n  id int\n)'));
  expect(await checksumOf(step('create table a ( id int )'))).toBe(first);
  expect(await checksumOf(step('create table a ( id bigint )'))).not.toBe(first);
  expect(await checksumOf(step('select 1'))).not.toBe(await checksumOf({ up: async () => {} }));
});
