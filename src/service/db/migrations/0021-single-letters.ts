import { type Kysely, sql } from 'kysely';

/** A single letter is found like a pair: a rare one, of which nobody is met soon, would be looked for in every user. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'drop index users_letter_pairs',
  'drop function letter_pairs(text)',
  // Letters, pairs that begin at odd letters, and those at even ones. Not for asking row by row: see its cost.
  `create function letters_and_pairs(search text) returns text[]
    language sql immutable strict parallel safe cost 10000
    return string_to_array(search, null)
      || string_to_array(regexp_replace(search, '(..)', '\\1' || chr(1), 'g'), chr(1))
      || string_to_array(regexp_replace(substr(search, 2), '(..)', '\\1' || chr(1), 'g'), chr(1))`,
  'create index users_letters_and_pairs on users using gin (letters_and_pairs(search))',
];
