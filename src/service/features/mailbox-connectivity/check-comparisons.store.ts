import { sql } from 'kysely';
import type { CheckComparison } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, TenantId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { newlyThere, type StatusMove } from '../../../domain/mailbox-connectivity/run-change.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import { AppError } from '../../app-error.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db } from '../../db/schema.ts';

export interface CheckComparisons {
  /**
   * What an ended run found against the completed run of the same mailboxes before it; of a retry, against the run that
   * it tries again. Without one whose results are kept, with none.
   * @throws AppError `check.not_found`, `check.not_ended`
   */
  compare(tenantId: TenantId, id: CheckId): Promise<CheckComparison>;
}

export function createCheckComparisons(db: Db): CheckComparisons {
  function earlierOf(check: StoredCheck) {
    const same = db
      .selectFrom('checks')
      .select(['id', 'finished_at'])
      .where('tenant_id', '=', check.tenant_id)
      .where('forgotten_at', 'is', null);
    if (check.retry_of) return same.where('id', '=', check.retry_of).executeTakeFirst();
    return same
      .where('covers', '=', check.covers)
      .where('state', '=', 'completed')
      .where('created_at', '<', check.created_at)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  async function movesBetween(tenantId: TenantId, earlier: CheckId, later: CheckId): Promise<StatusMove[]> {
    const { rows } = await sql<{ from: AccessStatus | null; to: AccessStatus | null; count: number }>`
      select a.status as "from", b.status as "to", count(*)::int as count
      from (select user_id, status from check_results where tenant_id = ${tenantId} and check_id = ${earlier}) a
      full join (select user_id, status from check_results where tenant_id = ${tenantId} and check_id = ${later}) b
        on b.user_id = a.user_id
      group by a.status, b.status
    `.execute(db);
    return rows;
  }

  return {
    async compare(tenantId, id) {
      const check = await db
        .selectFrom('checks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!check) throw new AppError('check.not_found');
      if (isOpen(check.state)) throw new AppError('check.not_ended');
      const earlier = check.forgotten_at ? undefined : await earlierOf(check);
      if (!earlier?.finished_at) return { earlier: null, newly: [], added: 0, gone: 0 };
      const moves = await movesBetween(tenantId, earlier.id, id);
      // Whom a cancelled run did not reach, or a retry did not try, is not gone.
      const coversAll = check.state === 'completed' && check.retry_of === null;
      return {
        earlier: { id: earlier.id, finishedAt: earlier.finished_at.toISOString() },
        newly: newlyThere(moves),
        added: countWhere(moves, ({ from }) => from === null),
        gone: coversAll ? countWhere(moves, ({ to }) => to === null) : 0,
      };
    },
  };
}

function countWhere(moves: readonly StatusMove[], matches: (move: StatusMove) => boolean): number {
  return moves.filter(matches).reduce((sum, { count }) => sum + count, 0);
}
