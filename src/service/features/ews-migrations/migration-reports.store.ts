import type { EwsMigrant, EwsMigration, MigrationRing } from '../../../contract/ews-migrations.ts';
import { whyNoReturn } from '../../../domain/ews-migration/ews-access.ts';
import { type MigrantState, stateOfVerdict } from '../../../domain/ews-migration/migrant-state.ts';
import type { RingName } from '../../../domain/ews-migration/migration-state.ts';
import type { CheckId, EwsMigrationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/schema.ts';
import type { EwsReadingStore } from './ews-readings.store.ts';
import { countMigrants } from './ring-users.store.ts';
import type { MigrationRow } from './stored-migration.ts';

/** How migrations stand: what every admin reads while one goes on and after. */
export interface MigrationReports {
  list(tenantId: TenantId, limit: number): Promise<EwsMigration[]>;
  find(tenantId: TenantId, id: EwsMigrationId): Promise<EwsMigration | undefined>;
  /** Why users are not on Microsoft Graph, most first. */
  causes(tenantId: TenantId, id: EwsMigrationId): Promise<{ reason: ReasonCode; count: number }[]>;
  /** Users with what became of each, by id. */
  users(
    tenantId: TenantId,
    id: EwsMigrationId,
    filter: {
      readonly ring?: RingName | undefined;
      readonly state?: MigrantState | undefined;
      readonly after?: UserId | undefined;
      readonly limit: number;
    },
  ): Promise<{ users: EwsMigrant[]; hasMore: boolean }>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly readings: EwsReadingStore;
}

export function createMigrationReports({ db, clock, readings }: Dependencies): MigrationReports {
  function ofTenant(tenantId: TenantId) {
    return db
      .selectFrom('ews_migrations as m')
      .innerJoin('organizations as o', (join) =>
        join.onRef('o.tenant_id', '=', 'm.tenant_id').onRef('o.id', '=', 'm.organization_id'),
      )
      .selectAll('m')
      .select('o.name as organizationName')
      .where('m.tenant_id', '=', tenantId);
  }

  async function describe(
    tenantId: TenantId,
    rows: readonly (MigrationRow & { readonly organizationName: string })[],
  ): Promise<EwsMigration[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const [rings, countsOf, reading] = await Promise.all([
      db
        .selectFrom('ews_migration_rings')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('migration_id', 'in', ids)
        .orderBy('position')
        .execute(),
      countMigrants(db, tenantId, ids),
      readings.find(tenantId),
    ]);
    const checkOf = await checksOf(
      db,
      tenantId,
      rings.flatMap(({ check_id }) => check_id ?? []),
    );
    const now = clock.now();
    return rows.map((row) => ({
      id: row.id,
      organizationId: row.organization_id,
      organizationName: row.organizationName,
      state: row.state,
      ewsAppId: row.ews_app_id,
      failureLimit: row.failure_limit,
      returnsHeldRings: row.returns_held_rings,
      total: row.total,
      rings: rings
        .filter(({ migration_id }) => migration_id === row.id)
        .map((ring) => ({
          name: ring.name,
          state: ring.state,
          heldBecause: ring.held_because,
          total: ring.total,
          counts: countsOf(row.id, ring.name),
          check: (ring.check_id && checkOf.get(ring.check_id)) || null,
          startedAt: ring.started_at?.toISOString() ?? null,
          endedAt: ring.ended_at?.toISOString() ?? null,
        })),
      returnRefusal: whyNoReturn(reading, row.ews_app_id, now) ?? null,
      startedBy: { userId: row.started_by, displayName: row.started_by_name },
      createdAt: row.created_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
    }));
  }

  return {
    async list(tenantId, limit) {
      const rows = await ofTenant(tenantId).orderBy('m.created_at', 'desc').orderBy('m.id').limit(limit).execute();
      return describe(tenantId, rows);
    },

    async find(tenantId, id) {
      const [migration] = await describe(tenantId, await ofTenant(tenantId).where('m.id', '=', id).execute());
      return migration;
    },

    async causes(tenantId, id) {
      const rows = await db
        .selectFrom('ews_migration_users')
        .select(['reason', (eb) => eb.fn.countAll<number>().as('count')])
        .where('tenant_id', '=', tenantId)
        .where('migration_id', '=', id)
        .where('state', 'in', ['failed', 'untold'])
        .groupBy('reason')
        .orderBy('count', 'desc')
        .orderBy('reason')
        .execute();
      return rows.flatMap(({ reason, count }) => (reason === null ? [] : [{ reason, count }]));
    },

    async users(tenantId, id, { ring, state, after, limit }) {
      const rows = await db
        .selectFrom('ews_migration_users as m')
        .leftJoin('users as u', (join) => join.onRef('u.tenant_id', '=', 'm.tenant_id').onRef('u.id', '=', 'm.user_id'))
        .select([
          'm.user_id',
          'm.ring',
          'm.state',
          'm.reason',
          'm.changed_at',
          'u.display_name',
          'u.mail',
          'u.user_principal_name',
        ])
        .where('m.tenant_id', '=', tenantId)
        .where('m.migration_id', '=', id)
        .$if(ring !== undefined, (query) => query.where('m.ring', '=', ring as RingName))
        .$if(state !== undefined, (query) => query.where('m.state', '=', state as MigrantState))
        .$if(after !== undefined, (query) => query.where('m.user_id', '>', after as UserId))
        .orderBy('m.user_id')
        .limit(limit + 1)
        .execute();
      return {
        users: rows.slice(0, limit).map((row) => ({
          id: row.user_id,
          displayName: row.display_name,
          address: row.mail ?? row.user_principal_name,
          ring: row.ring,
          state: row.state,
          reason: row.reason,
          changedAt: row.changed_at.toISOString(),
        })),
        hasMore: rows.length > limit,
      };
    },
  };
}

/** How far the checks of rings are. */
async function checksOf(
  db: Db,
  tenantId: TenantId,
  ids: readonly CheckId[],
): Promise<Map<CheckId, NonNullable<MigrationRing['check']>>> {
  if (ids.length === 0) return new Map();
  const [checks, tallies] = await Promise.all([
    db
      .selectFrom('checks')
      .select(['id', 'state', 'total'])
      .where('tenant_id', '=', tenantId)
      .where('id', 'in', [...ids])
      .execute(),
    db
      .selectFrom('check_tallies')
      .select(['check_id', 'status', 'count'])
      .where('tenant_id', '=', tenantId)
      .where('check_id', 'in', [...ids])
      .execute(),
  ]);
  return new Map(
    checks.map(({ id, state, total }) => {
      const own = tallies.filter(({ check_id }) => check_id === id);
      const sum = (rows: typeof own) => rows.reduce((all, { count }) => all + count, 0);
      const failed = own.filter(({ status }) => stateOfVerdict(status) === 'failed');
      return [id, { id, state, total, done: sum(own), failed: sum(failed) }];
    }),
  );
}
