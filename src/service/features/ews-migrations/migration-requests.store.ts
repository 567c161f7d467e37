import type { EwsMigration } from '../../../contract/ews-migrations.ts';
import { endingConnections, type ReturnRefusal, whyNoReturn } from '../../../domain/ews-migration/ews-access.ts';
import { type RingName, ringNames } from '../../../domain/ews-migration/migration-state.ts';
import { planRings } from '../../../domain/ews-migration/ring-plan.ts';
import type { AppId, EwsMigrationId, OrganizationId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin, Starter } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { isUniqueViolation } from '../../db/constraint.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import type { EwsReadingStore } from './ews-readings.store.ts';
import { catchUp, enlist } from './ring-users.store.ts';
import { lockMigration, ringNamed, type StoredMigration, take } from './stored-migration.ts';

export type MigrationWish = 'pause' | 'resume' | 'cancel';
export type RingWish = 'again' | 'accept' | 'return';

/** What an admin asks for: each saves its change, its audit row and its job together. */
export interface MigrationRequests {
  /** @throws AppError `migration.nobody`, `migration.open` */
  start(
    admin: Admin,
    organization: { readonly id: OrganizationId; readonly name: string },
    wanted: {
      readonly canarySize: number;
      readonly failureLimit: number;
      readonly returnsHeldRings: boolean;
      readonly ewsAppId: AppId;
    },
  ): Promise<EwsMigrationId>;
  /** Wanting it twice changes nothing and is told once. @throws AppError `migration.not_found`, `migration.ended` */
  steer(admin: Admin, id: EwsMigrationId, wish: MigrationWish): Promise<void>;
  /** @throws AppError `migration.not_found`, and one for each refusal of a step */
  steerRing(admin: Admin, id: EwsMigrationId, ring: RingName, wish: RingWish): Promise<void>;
}

export interface MigrationRequestDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
  readonly readings: EwsReadingStore;
  /** Steers the check of a ring in the same transaction. */
  readonly checks: { steerIn(tx: Tx, by: Starter, id: StoredCheck['id'], wish: MigrationWish): Promise<void> };
}

export const advanceJobName = 'ews-migrations.advance';

/** Has a worker look what is to be done next; of one migration one worker at a time. */
export function enqueueAdvance(
  tx: Tx,
  queue: Pick<Queue, 'enqueue'>,
  { tenant_id: tenantId, id: migrationId }: { readonly tenant_id: Admin['tenantId']; readonly id: EwsMigrationId },
): Promise<void> {
  return queue.enqueue(tx, { name: advanceJobName }, { tenantId, migrationId }, { key: migrationId });
}

const activityOfWish = {
  pause: 'migration.paused',
  resume: 'migration.resumed',
  cancel: 'migration.cancelled',
} as const;

export function createMigrationRequests(dependencies: MigrationRequestDependencies): MigrationRequests {
  const { db, clock, queue, recordActivity, readings, checks } = dependencies;

  async function locked(tx: Tx, admin: Admin, id: EwsMigrationId): Promise<StoredMigration> {
    const stored = await lockMigration(tx, admin.tenantId, id);
    if (!stored) throw new AppError('migration.not_found');
    return stored;
  }

  return {
    async start(admin, organization, { canarySize, failureLimit, returnsHeldRings, ewsAppId }) {
      const now = clock.now();
      const key = { tenant_id: admin.tenantId, id: crypto.randomUUID() as EwsMigrationId };
      const migration = { ...key, organization_id: organization.id };
      try {
        await inTransaction(db, async (tx) => {
          const total = await countOnEws(tx, migration);
          if (total === 0) throw new AppError('migration.nobody');
          const sizes = planRings(total, canarySize);
          await tx
            .insertInto('ews_migrations')
            .values({
              ...migration,
              state: 'running',
              ews_app_id: ewsAppId,
              failure_limit: failureLimit,
              returns_held_rings: returnsHeldRings,
              total,
              started_by: admin.userId,
              started_by_name: admin.displayName,
              created_at: now,
              ended_at: null,
            })
            .execute();
          const ringOf = (name: RingName, position: number) => ({
            tenant_id: key.tenant_id,
            migration_id: key.id,
            name,
            position,
            state: 'planned' as const,
            held_because: null,
            total: sizes[name],
            check_id: null,
            started_at: null,
            ended_at: null,
          });
          await tx.insertInto('ews_migration_rings').values(ringNames.map(ringOf)).execute();
          const upTo = { canary: sizes.canary, second: sizes.canary + sizes.second };
          await enlist(tx, migration, { upTo, connections: endingConnections, now });
          await matchTotals(tx, key);
          await enqueueAdvance(tx, queue, key);
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'migration.started',
            by: admin,
            organization,
            details: { users: total, canary: sizes.canary, failureLimit, returnsHeldRings },
          });
        });
      } catch (error) {
        if (isUniqueViolation(error, 'ews_migrations_open')) throw new AppError('migration.open', { cause: error });
        throw error;
      }
      return key.id;
    },

    async steer(admin, id, wish) {
      await inTransaction(db, async (tx) => {
        const stored = await locked(tx, admin, id);
        const next = await take(tx, stored, { type: wish }, clock.now());
        const checkId = next.rings.find(({ state }) => state === 'switching')?.check_id;
        // Its check may have been paused by itself, so that resuming is a wish even while the migration goes on.
        if (checkId && (next.hasChanged || wish === 'resume')) {
          await unlessEnding(checks.steerIn(tx, admin, checkId, wish));
        }
        if (!next.hasChanged) return;
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: activityOfWish[wish],
          by: admin,
          organization: stored.organization,
        });
        await enqueueAdvance(tx, queue, stored.row);
      });
    },

    async steerRing(admin, id, name, wish) {
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        const stored = await locked(tx, admin, id);
        const ring = ringNamed(stored, name);
        await catchUp(tx, stored, ring, now);
        if (wish === 'return') {
          const reading = await readings.find(admin.tenantId, tx);
          const refusal = whyNoReturn(reading, stored.row.ews_app_id, now);
          await startReturn(tx, stored, { ring: name, refusal, now, recordActivity, by: admin });
        } else if (wish === 'again') {
          await take(tx, stored, { type: 'ring_again', ring: name }, now);
          await recordRing(tx, recordActivity, stored, name, 'migration.ring_started', { by: admin });
        } else {
          const next = await take(tx, stored, { type: 'ring_accepted', ring: name }, now);
          await recordRing(tx, recordActivity, stored, name, 'migration.ring_accepted', { by: admin });
          await recordEnd(tx, recordActivity, next);
        }
        await enqueueAdvance(tx, queue, stored.row);
      });
    },
  };
}

/** Starts the way back of a ring. @throws AppError when the step is refused */
export async function startReturn(
  tx: Tx,
  stored: StoredMigration,
  options: {
    readonly ring: RingName;
    readonly refusal: ReturnRefusal | undefined;
    readonly now: Date;
    readonly recordActivity: RecordActivity;
    readonly by?: Admin;
  },
): Promise<void> {
  const { ring, refusal, now, recordActivity, by } = options;
  await take(tx, stored, { type: 'return', ring, refusal }, now);
  await recordRing(tx, recordActivity, stored, ring, 'migration.ring_returning', { ...(by ? { by } : {}) });
}

export async function recordRing(
  tx: Tx,
  recordActivity: RecordActivity,
  { row, organization }: StoredMigration,
  ring: RingName,
  type: Extract<Parameters<RecordActivity>[1]['type'], `migration.ring_${string}`>,
  { by, details = {} }: { readonly by?: Admin; readonly details?: Readonly<Record<string, string | number>> } = {},
): Promise<void> {
  await recordActivity(tx, {
    tenantId: row.tenant_id,
    type,
    ...(by ? { by } : {}),
    organization,
    details: { ring, ...details },
  });
}

/** The line about the end of a migration that has just come to it. */
export async function recordEnd(
  tx: Tx,
  recordActivity: RecordActivity,
  { row, organization }: StoredMigration,
): Promise<void> {
  if (row.state !== 'completed') return;
  await recordActivity(tx, {
    tenantId: row.tenant_id,
    type: 'migration.completed',
    organization,
    details: { users: row.total },
  });
}

async function countOnEws(
  tx: Tx,
  { tenant_id, organization_id }: { readonly tenant_id: Admin['tenantId']; readonly organization_id: OrganizationId },
): Promise<number> {
  const { count } = await tx
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenant_id)
    .where('organization_id', '=', organization_id)
    .where('connection_type', 'in', endingConnections)
    .executeTakeFirstOrThrow();
  return count;
}

/** Somebody may have come or left between counting and enlisting: what is enlisted is what counts. */
async function matchTotals(
  tx: Tx,
  { tenant_id, id }: { readonly tenant_id: Admin['tenantId']; readonly id: EwsMigration['id'] },
): Promise<void> {
  const enlisted = await tx
    .selectFrom('ews_migration_tallies')
    .select(['ring', (eb) => eb.fn.sum<number>('count').as('count')])
    .where('tenant_id', '=', tenant_id)
    .where('migration_id', '=', id)
    .groupBy('ring')
    .execute();
  for (const { ring, count } of enlisted) {
    await tx
      .updateTable('ews_migration_rings')
      .set({ total: Number(count) })
      .where('tenant_id', '=', tenant_id)
      .where('migration_id', '=', id)
      .where('name', '=', ring)
      .execute();
  }
  await tx
    .deleteFrom('ews_migration_rings')
    .where('tenant_id', '=', tenant_id)
    .where('migration_id', '=', id)
    .where('name', 'not in', enlisted.length > 0 ? enlisted.map(({ ring }) => ring) : ['canary'])
    .execute();
  await tx
    .updateTable('ews_migrations')
    .set({ total: enlisted.reduce((sum, { count }) => sum + Number(count), 0) })
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .execute();
}

/** A check that has ended, or is ending, needs no word from us: what follows from its end is done when it has. */
async function unlessEnding(steering: Promise<void>): Promise<void> {
  try {
    await steering;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'check.already_ended' || error.code === 'check.ending')) return;
    throw error;
  }
}
