import type { ActivityType } from '../../../contract/activity.ts';
import type { Answer } from '../../../contract/endpoint.ts';
import type { getUserHistory } from '../../../contract/users.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';

export type UserHistory = Answer<typeof getUserHistory>;

/** What checks found about one user so far, and what admins did to that user. */
export interface UserHistoryReader {
  history(tenantId: TenantId, id: UserId): Promise<UserHistory | undefined>;
}

/** Results are kept by check: those of so many are looked up, each by its key. */
const mostChecks = 200;
const mostLines = 30;

export function createUserHistory(db: Db): UserHistoryReader {
  return {
    async history(tenantId, id) {
      const user = await db
        .selectFrom('users')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!user) return undefined;
      const verdicts = await db
        .selectFrom((eb) =>
          eb
            .selectFrom('checks')
            .select('id')
            .where('tenant_id', '=', tenantId)
            .orderBy('created_at', 'desc')
            .limit(mostChecks)
            .as('c'),
        )
        .innerJoin('check_results as r', (join) => join.onRef('r.check_id', '=', 'c.id'))
        .select(['r.check_id as checkId', 'r.status', 'r.reason', 'r.checked_at as at'])
        .where('r.tenant_id', '=', tenantId)
        .where('r.user_id', '=', id)
        .orderBy('r.checked_at', 'desc')
        .limit(mostLines)
        .execute();
      const activities = await db
        .selectFrom('activities')
        .select(['at', 'by_name as by', 'type'])
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', id)
        .orderBy('id', 'desc')
        .limit(mostLines)
        .execute();
      const commands = await db
        .selectFrom('user_command_results as r')
        .innerJoin('user_command_runs as c', (join) =>
          join.onRef('c.tenant_id', '=', 'r.tenant_id').onRef('c.id', '=', 'r.run_id'),
        )
        .select([
          'r.done_at as at',
          'c.started_by_name as by',
          'c.command',
          'c.target_name as target',
          'r.outcome',
          'r.run_id as runId',
        ])
        .where('r.tenant_id', '=', tenantId)
        .where('r.user_id', '=', id)
        .orderBy('r.done_at', 'desc')
        .limit(mostLines)
        .execute();
      const audit = [
        ...activities.map(({ at, by, type }) => ({
          at,
          by,
          what: { kind: 'activity', type: type as ActivityType } as const,
        })),
        ...commands.map(({ at, by, ...command }) => ({ at, by, what: { kind: 'command', ...command } as const })),
      ];
      return {
        verdicts: verdicts.map((verdict) => ({ ...verdict, at: verdict.at.toISOString() })),
        audit: audit
          .sort((one, other) => other.at.getTime() - one.at.getTime())
          .slice(0, mostLines)
          .map((line) => ({ ...line, at: line.at.toISOString() })),
      };
    },
  };
}
