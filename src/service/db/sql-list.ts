import { type RawBuilder, sql } from 'kysely';

/**
 * Many values as one text that the database takes apart: as an array each would be escaped on its own.
 * @param values without commas
 */
export function uuidList<Id extends string>(values: readonly Id[]): RawBuilder<Id[]> {
  return sql<Id[]>`string_to_array(${values.join()}, ',')::uuid[]`;
}

export function numberList(values: readonly number[]): RawBuilder<number[]> {
  return sql<number[]>`string_to_array(${values.join()}, ',')::float8[]`;
}
