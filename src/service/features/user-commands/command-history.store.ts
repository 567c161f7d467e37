import { sql } from 'kysely';
import type { TenantId } from '../../../domain/ids.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/schema.ts';

/** Ended runs of a tenant that keep a result per user; of older ones the counts stay. */
const keptRuns = 50;
/** Short transactions: everybody else waits for them in the embedded database. */
const rowsAtOnce = 2_000;

export interface CommandHistory {
  /** Forgets the single results of old runs. */
  forgetOld(tenantId: TenantId): Promise<void>;
}

export function createCommandHistory({ db, clock }: { readonly db: Db; readonly clock: Clock }): CommandHistory {
  return {
    async forgetOld(tenantId) {
      const old = await db
        .selectFrom('user_command_runs')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('finished_at', 'is not', null)
        .where('forgotten_at', 'is', null)
        .orderBy('created_at', 'desc')
        .offset(keptRuns)
        .execute();
      for (const { id } of old) {
        for (let deleted = rowsAtOnce; deleted === rowsAtOnce; ) {
          const { numAffectedRows } = await sql`
            delete from user_command_results where ctid = any(array(
              select ctid from user_command_results where tenant_id = ${tenantId} and run_id = ${id} limit ${rowsAtOnce}
            ))
          `.execute(db);
          deleted = Number(numAffectedRows ?? 0);
        }
        // Last, so that a worker that dies in between leaves it to the next one.
        await db
          .updateTable('user_command_runs')
          .set({ forgotten_at: clock.now(), selection: sql`'{}'` })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .execute();
      }
    },
  };
}
