import type { Answer } from '../../../contract/endpoint.ts';
import type { getOverview } from '../../../contract/overview.ts';
import { isAuthorized } from '../../../domain/consent/consent-state.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { openRunStates } from '../../../domain/mailbox-connectivity/run-state.ts';
import { accessCountsOf, byCount } from '../../db/access-counts.ts';
import type { Db } from '../../db/schema.ts';

export interface OverviewStore {
  get(tenantId: TenantId): Promise<Answer<typeof getOverview>>;
}

/** What an admin need not do anything about. */
const calm: readonly AccessStatus[] = ['working', 'not_checked', 'waiting'];

export function createOverviewStore(db: Db): OverviewStore {
  return {
    async get(tenantId) {
      const organizations = await db
        .selectFrom('organizations as o')
        .leftJoin('consents as c', (join) =>
          join.onRef('c.tenant_id', '=', 'o.tenant_id').onRef('c.organization_id', '=', 'o.id'),
        )
        .select([
          'o.id',
          'o.name',
          'o.last_check_at',
          'o.connection_type',
          'c.state',
          'c.verified_at',
          'c.granted_by_name',
        ])
        .where('o.tenant_id', '=', tenantId)
        .orderBy('o.name')
        .execute();
      const mailboxes = await db
        .selectFrom('access_tallies')
        .select(['organization_id', 'status', 'reason', (eb) => eb.fn.sum<number>('count').as('count')])
        .where('tenant_id', '=', tenantId)
        .groupBy(['organization_id', 'status', 'reason'])
        .having((eb) => eb.fn.sum('count'), '>', 0)
        .execute();
      const running = await db
        .selectFrom('checks')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('state', 'in', openRunStates)
        .limit(1)
        .executeTakeFirst();

      const onGraph = organizations.filter((one) => one.connection_type === 'graph_app_only');
      const graphIds = new Set(onGraph.map(({ id }) => id));
      const graphMailboxes = mailboxes.filter((row) => graphIds.has(row.organization_id));
      const graphUsers = sum(graphMailboxes);
      const byTime = onGraph
        .filter((one) => one.verified_at)
        .sort((a, b) => (b.verified_at?.getTime() ?? 0) - (a.verified_at?.getTime() ?? 0));
      const lastChecks = organizations.flatMap((one) => one.last_check_at?.getTime() ?? []);

      return {
        counts: accessCountsOf(mailboxes),
        total: sum(mailboxes),
        causes: causesOf(mailboxes),
        lastCheckAt: lastChecks.length > 0 ? new Date(Math.max(...lastChecks)).toISOString() : null,
        stages: {
          organization: { isDone: graphUsers > 0, organizations: onGraph.length, users: graphUsers },
          consent: {
            isDone: onGraph.length > 0 && onGraph.every(({ state }) => state !== null && isAuthorized(state)),
            organizations: onGraph.map((one) => ({
              organizationId: one.id,
              name: one.name,
              state: one.state ?? 'not_requested',
            })),
            verifiedAt: byTime[0]?.verified_at?.toISOString() ?? null,
            grantedBy: byTime.find((one) => one.granted_by_name)?.granted_by_name ?? null,
          },
          verification: {
            // Done means everybody was checked; who needs attention stands in the causes.
            isDone: graphUsers > 0 && graphMailboxes.every(({ status }) => status !== 'not_checked'),
            isRunning: running !== undefined,
          },
        },
      };
    },
  };
}

type MailboxCount = Parameters<typeof accessCountsOf>[0][number] & {
  reason: Answer<typeof getOverview>['causes'][number]['reason'] | '';
};

/** One entry per status and reason over all organizations, most people first. */
function causesOf(mailboxes: readonly MailboxCount[]) {
  const groups = Map.groupBy(
    mailboxes.filter(({ status, reason }) => reason !== '' && !calm.includes(status)),
    ({ status, reason }) => `${status} ${reason}`,
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first?.reason ? [{ reason: first.reason, status: first.status, count: sum(group) }] : [];
    })
    .sort(byCount);
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}
