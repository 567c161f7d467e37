import { type RawBuilder, sql } from 'kysely';

/** Many ids as one text that the database takes apart: as an array each would be escaped on its own. */
export function uuidList<Id extends string>(values: readonly Id[]): RawBuilder<Id[]> {
  return sql<Id[]>`string_to_array(${values.join()}, ',')::uuid[]`;
}

/** The same for numbers. */
export function numberList(values: readonly number[]): RawBuilder<number[]> {
  return sql<number[]>`string_to_array(${values.join()}, ',')::float8[]`;
}
