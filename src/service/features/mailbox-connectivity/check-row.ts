import type { Selectable } from 'kysely';
import type { ChecksTable } from '../../db/schema.ts';

/** A check as it is stored. */
export type CheckRow = Selectable<ChecksTable>;

/** An organization has at most one check in one of these. */
export const unfinishedStates = ['queued', 'running', 'cancelling'] as const;
