import { whyNoReturn } from '../../../domain/ews-migration/ews-access.ts';
import { isAboveLimit, judgeRing, type RingName, ringToStart } from '../../../domain/ews-migration/migration-state.ts';
import type { CheckId, EwsMigrationId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import { isOpen, type RunState } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { Starter } from '../../auth/admin.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type MigrationRequestDependencies, recordEnd, recordRing, startReturn } from './migration-requests.store.ts';
import { catchUp, countFailed, countMigrants, markSwitching, putBack, settle } from './ring-users.store.ts';
import { lockMigration, migrationOf, type RingRow, type StoredMigration, setRing, take } from './stored-migration.ts';

/** What workers do for migrations. */
export interface MigrationWork {
  /**
   * Does the next piece of work in one short transaction, so that a worker that dies leaves whole pieces behind.
   * @returns whether more can be done now, and not only when a check has ended or an admin has decided
   */
  advance(tenantId: TenantId, id: EwsMigrationId): Promise<boolean>;
}

export interface MigrationWorkDependencies extends MigrationRequestDependencies {
  /** Permissions because of which the operator lets no check run. */
  readonly blockingExcess: (tenantId: TenantId, id: OrganizationId) => Promise<readonly string[]>;
  readonly checks: MigrationRequestDependencies['checks'] & {
    startRing(
      tx: Tx,
      startedBy: Starter,
      organization: StoredMigration['organization'],
      ring: { readonly migrationId: EwsMigrationId; readonly name: RingName },
    ): Promise<CheckId | undefined>;
  };
}

export function createMigrationWork(dependencies: MigrationWorkDependencies): MigrationWork {
  const { db, clock, recordActivity, readings, checks, blockingExcess } = dependencies;

  async function goOnSwitching(tx: Tx, stored: StoredMigration, ring: RingRow): Promise<boolean> {
    const now = clock.now();
    if (ring.check_id === null) {
      if ((await markSwitching(tx, stored, ring, now)) > 0) return true;
      const { row, organization } = stored;
      const startedBy = { tenantId: row.tenant_id, userId: row.started_by, displayName: row.started_by_name };
      const checkId = await checks.startRing(tx, startedBy, organization, { migrationId: row.id, name: ring.name });
      if (checkId === undefined) {
        // Nobody can be checked: whoever was marked is where they were, or gone.
        while ((await settle(tx, stored, ring, now)) > 0);
        return endRing(tx, stored, ring, 'completed');
      }
      await setRing(tx, ring, { check_id: checkId });
      // It was paused or cancelled while its users were marked: its check begins as it shall be.
      if (row.state === 'paused') await checks.steerIn(tx, startedBy, checkId, 'pause');
      if (row.state === 'cancelled') await checks.steerIn(tx, startedBy, checkId, 'cancel');
      return false;
    }
    const state = await stateOfCheck(tx, ring);
    if (state !== undefined && isOpen(state)) return false;
    if ((await settle(tx, stored, ring, now)) > 0) return true;
    return endRing(tx, stored, ring, state === 'completed' || state === 'failed' ? state : 'cancelled');
  }

  async function endRing(
    tx: Tx,
    stored: StoredMigration,
    ring: RingRow,
    checkEnded: 'completed' | 'cancelled' | 'failed',
  ): Promise<boolean> {
    const now = clock.now();
    const { row } = stored;
    await catchUp(tx, stored, ring, now);
    const counts = (await countMigrants(tx, row.tenant_id, [row.id]))(row.id, ring.name);
    const heldBecause = judgeRing(counts, { limit: row.failure_limit, checkEnded });
    const next = await take(tx, stored, { type: 'ring_ended', ring: ring.name, heldBecause }, now);
    const { on_graph: onGraph, failed, untold, on_ews: notReached } = counts;
    const details = { onGraph, failed, untold, notReached };
    if (heldBecause === null) {
      await recordRing(tx, recordActivity, stored, ring.name, 'migration.ring_proved', { details });
      await recordEnd(tx, recordActivity, next);
      return true;
    }
    const isToReturn = heldBecause === 'failures' && row.returns_held_rings;
    const refusal = isToReturn ? whyNoReturn(await readings.find(row.tenant_id, tx), row.ews_app_id, now) : undefined;
    await recordRing(tx, recordActivity, stored, ring.name, 'migration.ring_held', {
      details: { because: heldBecause, ...details, ...(refusal ? { notReturned: refusal } : {}) },
    });
    if (isToReturn && !refusal) {
      await startReturn(tx, next, { ring: ring.name, refusal: undefined, now, recordActivity });
    }
    return true;
  }

  async function goOnReturning(tx: Tx, stored: StoredMigration, ring: RingRow): Promise<boolean> {
    const now = clock.now();
    if ((await putBack(tx, stored, ring, now)) > 0) return true;
    await catchUp(tx, stored, ring, now);
    await take(tx, stored, { type: 'ring_returned', ring: ring.name }, now);
    const { row } = stored;
    const { returned } = (await countMigrants(tx, row.tenant_id, [row.id]))(row.id, ring.name);
    await recordRing(tx, recordActivity, stored, ring.name, 'migration.ring_returned', {
      details: { users: returned },
    });
    return true;
  }

  /** Starts the next ring; it holds where no check may run, as an admin who starts one is refused. */
  async function startNext(tx: Tx, stored: StoredMigration, permissions: readonly string[]): Promise<boolean> {
    const ring = ringToStart(migrationOf(stored));
    if (!ring) return false;
    if (permissions.length > 0) {
      await take(tx, stored, { type: 'ring_blocked', ring }, clock.now());
      await recordRing(tx, recordActivity, stored, ring, 'migration.ring_held', {
        details: { because: 'blocked_by_excess', permissions: permissions.join(' ') },
      });
      return false;
    }
    await take(tx, stored, { type: 'ring_started', ring }, clock.now());
    await recordRing(tx, recordActivity, stored, ring, 'migration.ring_started');
    return true;
  }

  return {
    async advance(tenantId, id) {
      const done = await inTransaction(db, async (tx) => {
        const stored = await lockMigration(tx, tenantId, id);
        // Its organization was deleted while the job waited.
        if (!stored) return false;
        const inState = (state: RingRow['state']) => stored.rings.find((ring) => ring.state === state);
        const [switching, returning] = [inState('switching'), inState('returning')];
        return (
          (switching !== undefined && (await goOnSwitching(tx, stored, switching))) ||
          (returning !== undefined && (await goOnReturning(tx, stored, returning))) ||
          (ringToStart(migrationOf(stored)) !== undefined && stored.organization)
        );
      });
      if (typeof done === 'boolean') return done;
      // What is consented to is read outside: the migration is not locked for that long.
      const permissions = await blockingExcess(tenantId, done.id);
      return inTransaction(db, async (tx) => {
        const stored = await lockMigration(tx, tenantId, id);
        return stored !== undefined && startNext(tx, stored, permissions);
      });
    },
  };
}

/** Whether a ring's check has met so many failures that the rest would only add to them. */
export async function isRingToHold(tx: Tx, { tenant_id, id, migration_id, ring }: StoredCheck): Promise<boolean> {
  if (migration_id === null || ring === null) return false;
  const migration = await tx
    .selectFrom('ews_migrations')
    .select('failure_limit')
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', migration_id)
    .executeTakeFirst();
  if (!migration) return false;
  const failed = await countFailed(tx, tenant_id, id);
  if (failed === 0) return false;
  const { gone, ...here } = (await countMigrants(tx, tenant_id, [migration_id]))(migration_id, ring);
  const users = Object.values(here).reduce((sum, count) => sum + count, 0);
  return isAboveLimit(failed, users, migration.failure_limit);
}

async function stateOfCheck(tx: Tx, { tenant_id, check_id }: RingRow): Promise<RunState | undefined> {
  const check = await tx
    .selectFrom('checks')
    .select('state')
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', check_id)
    .executeTakeFirst();
  return check?.state;
}
