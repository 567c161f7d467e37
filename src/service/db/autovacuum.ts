import type { EmbeddedDatabase } from './pglite-proxy.ts';

/** What is known of a table: rows as counted since this start, and what the planner goes by. */
export interface TableActivity {
  /** With its schema, quoted where needed. */
  readonly name: string;
  readonly changedSinceAnalysis: number;
  readonly insertedSinceVacuum: number;
  readonly dead: number;
  /** 0 or less where nobody ever looked. */
  readonly plannedRows: number;
  readonly plannedPages: number;
  readonly pages: number;
}

export type TableWork = 'ANALYZE' | 'VACUUM' | 'VACUUM (ANALYZE)';

const outgrown = 10;
/** 8 MB: whoever reads less than that for want of a better plan is done within milliseconds. */
const longPages = 1_000;

/**
 * What a table needs. In a quiet moment that is PostgreSQL's own rule with its default thresholds. While somebody writes in
 * bulk nobody is held up for it, except for a long table that is ten times as long as the planner knows, whose plans are
 * those of another one, or for one that holds two dead rows for each of its own.
 * @see PostgreSQL, Routine Vacuuming, The Autovacuum Daemon
 */
export function workDue(table: TableActivity, { isInBulk }: { readonly isInBulk: boolean }): TableWork | undefined {
  const rows = Math.max(table.plannedRows, 0);
  const isOutgrown =
    table.pages >= outgrown * Math.max(table.plannedPages, 1) && (!isInBulk || table.pages >= longPages);
  const isChanged = !isInBulk && table.changedSinceAnalysis > 50 + 0.1 * rows;
  const isFullOfDead = table.dead > 50 + (isInBulk ? 2 : 0.2) * rows;
  const isFullOfNew = !isInBulk && table.insertedSinceVacuum > 1_000 + 0.2 * rows;
  // Where nobody ever looked, there is nothing to say what share the dead are.
  const isVacuumDue = isFullOfNew || (isFullOfDead && (!isInBulk || rows > 0));
  const isAnalysisDue = isOutgrown || isChanged;
  if (isVacuumDue) return isAnalysisDue ? 'VACUUM (ANALYZE)' : 'VACUUM';
  return isAnalysisDue ? 'ANALYZE' : undefined;
}

/** Of each table, the queue's and the system's included; these are not asked how long they are, which takes longest. */
export async function tableActivities(pglite: EmbeddedDatabase): Promise<readonly TableActivity[]> {
  const { rows } = await pglite.query(`
    select oid::regclass::text as name, pg_stat_get_mod_since_analyze(oid) as "changedSinceAnalysis",
      pg_stat_get_ins_since_vacuum(oid) as "insertedSinceVacuum", pg_stat_get_dead_tuples(oid) as dead,
      reltuples::int8 as "plannedRows", relpages as "plannedPages",
      case when relnamespace = 'pg_catalog'::regnamespace then relpages else pg_relation_size(oid) / 8192 end as pages
    from pg_class where relkind = 'r' and relnamespace <> 'pg_toast'::regnamespace
  `);
  return rows as unknown as TableActivity[];
}
