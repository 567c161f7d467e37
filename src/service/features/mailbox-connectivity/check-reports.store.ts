import type { Selectable } from 'kysely';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import { accessCountsOf, byCount } from '../../db/access-counts.ts';
import type { CheckTalliesTable, StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { rescheduledUntilOf } from './rescheduled-mailboxes.ts';

/** How checks stand: what every admin reads while one runs and after. */
export interface CheckReports {
  list(
    tenantId: TenantId,
    filter: {
      /** Runs that cover it, alone or with the whole tenant. */
      organizationId?: OrganizationId | undefined;
      covering: 'anybody' | 'everybody';
      limit: number;
    },
  ): Promise<ConnectivityCheck[]>;
  find(tenantId: TenantId, id: CheckId): Promise<ConnectivityCheck | undefined>;
}

export function createCheckReports(db: Db): CheckReports {
  return {
    async list(tenantId, { organizationId, covering, limit }) {
      const rows = await db
        .selectFrom('checks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .$if(organizationId !== undefined, (query) =>
          query.where((eb) =>
            eb.or([eb('organization_id', '=', organizationId as OrganizationId), eb('scope', '=', 'tenant')]),
          ),
        )
        .$if(covering === 'everybody', (query) => query.where('scope', 'in', ['organization', 'tenant']))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return reportsOf(db, rows);
    },

    async find(tenantId, id) {
      const rows = await db
        .selectFrom('checks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .execute();
      const [check] = await reportsOf(db, rows);
      return check;
    },
  };
}

/** @param rows of one tenant */
export async function reportsOf(source: Db | Tx, rows: readonly StoredCheck[]): Promise<ConnectivityCheck[]> {
  const [first] = rows;
  if (!first) return [];
  const ids = rows.map(({ id }) => id);
  const tallies = await source
    .selectFrom('check_tallies')
    .selectAll()
    .where('tenant_id', '=', first.tenant_id)
    .where('check_id', 'in', ids)
    .execute();
  const rescheduledUntil = await rescheduledUntilOf(source, first.tenant_id, ids);
  const organizations = await source
    .selectFrom('organizations')
    .select(['id', 'name'])
    .where('tenant_id', '=', first.tenant_id)
    .execute();
  const talliesOf = Map.groupBy(tallies, (tally) => tally.check_id);
  const nameOf = new Map(organizations.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({
    ...toContract(row, talliesOf.get(row.id) ?? []),
    rescheduledUntil: rescheduledUntil.get(row.id)?.toISOString() ?? null,
    organizationName: (row.organization_id && nameOf.get(row.organization_id)) ?? null,
  }));
}

function toContract(
  row: StoredCheck,
  tallies: readonly Selectable<CheckTalliesTable>[],
): Omit<ConnectivityCheck, 'organizationName' | 'rescheduledUntil'> {
  const done = tallies.reduce((sum, { count }) => sum + count, 0);
  const causes = tallies
    .filter(({ status }) => status !== 'working')
    .map(({ reason, status, count }) => ({ reason, status, count }))
    .sort(byCount);
  return {
    id: row.id,
    organizationId: row.organization_id,
    scope: row.scope,
    groupName: row.group_name,
    retryOf: row.retry_of,
    state: row.state,
    pausedBecause: row.paused_because,
    changesConnection: row.changes_connection,
    total: row.total,
    done,
    counts: accessCountsOf(tallies),
    causes,
    switched: row.switched,
    kept: row.kept,
    mailboxesPerSecond: row.mailboxes_per_second,
    throttledUntil: row.throttled_until?.toISOString() ?? null,
    startedBy: { userId: row.started_by, displayName: row.started_by_name },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
