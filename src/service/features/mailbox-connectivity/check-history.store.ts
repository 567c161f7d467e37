import { sql } from 'kysely';
import type { Clock } from '../../clock.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db } from '../../db/schema.ts';

/** Ended runs of the same mailboxes that keep a result per mailbox; of older ones the counts stay. */
const keptRuns = 10;
/** Short transactions: everybody else waits for them in the embedded database. */
const rowsAtOnce = 2_000;

export interface CheckHistory {
  /** Forgets the single results of old runs of the same mailboxes, except those that still stand with a user. */
  forgetOld(check: Pick<StoredCheck, 'tenant_id' | 'covers'>): Promise<void>;
}

export function createCheckHistory({ db, clock }: { readonly db: Db; readonly clock: Clock }): CheckHistory {
  return {
    async forgetOld({ tenant_id: tenantId, covers }) {
      const old = await db
        .selectFrom('checks')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('covers', '=', covers)
        .where('finished_at', 'is not', null)
        // Also those whose deletion a worker that died did not end: they are older than the ones that are kept.
        .where('is_emptied', '=', false)
        .orderBy('created_at', 'desc')
        .offset(keptRuns)
        .execute();
      for (const { id } of old) {
        // First, so that nobody compares with a half.
        await db
          .updateTable('checks')
          .set((eb) => ({ forgotten_at: eb.fn.coalesce('forgotten_at', eb.val(clock.now())) }))
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .execute();
        for (let deleted = rowsAtOnce; deleted === rowsAtOnce; ) {
          const { numAffectedRows } = await sql`
            delete from check_results where ctid = any(array(
              select r.ctid from check_results r
              where r.tenant_id = ${tenantId} and r.check_id = ${id} and not exists (
                select 1 from mailbox_access a
                where a.tenant_id = r.tenant_id and a.user_id = r.user_id and a.check_id = r.check_id
              )
              limit ${rowsAtOnce}
            ))
          `.execute(db);
          deleted = Number(numAffectedRows ?? 0);
        }
        await db
          .updateTable('checks')
          .set({ is_emptied: true })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .execute();
      }
    },
  };
}
