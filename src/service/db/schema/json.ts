import type { ColumnType } from 'kysely';

/** jsonb: objects out, text in, so that both databases store the same. */
export type Json<T> = ColumnType<T, string, string>;
