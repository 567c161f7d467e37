import type { Selectable } from 'kysely';
import type { ErrorCode } from '../../../contract/errors.ts';
import {
  isOpenMigration,
  type Migration,
  type MigrationEvent,
  type MigrationRefusal,
  nextMigration,
  type RingName,
} from '../../../domain/ews-migration/migration-state.ts';
import type { EwsMigrationId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { EwsMigrationRingsTable, EwsMigrationsTable } from '../../db/schema/ews-migrations.ts';
import type { Tx } from '../../db/schema.ts';

export type MigrationRow = Selectable<EwsMigrationsTable>;
export type RingRow = Selectable<EwsMigrationRingsTable>;

/** A migration with its rings, whose rows the caller holds. */
export interface StoredMigration {
  readonly row: MigrationRow;
  readonly rings: readonly RingRow[];
  readonly organization: { readonly id: OrganizationId; readonly name: string };
}

/** Takes a migration for a step: two at once go one after the other. */
export async function lockMigration(
  tx: Tx,
  tenantId: TenantId,
  id: EwsMigrationId,
): Promise<StoredMigration | undefined> {
  const row = await tx
    .selectFrom('ews_migrations')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return undefined;
  const organization = await tx
    .selectFrom('organizations')
    .select(['id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', row.organization_id)
    .executeTakeFirstOrThrow();
  return { row, rings: await ringsOf(tx, row), organization };
}

export function ringsOf(tx: Tx, { tenant_id, id }: Pick<MigrationRow, 'tenant_id' | 'id'>): Promise<RingRow[]> {
  return tx
    .selectFrom('ews_migration_rings')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('migration_id', '=', id)
    .orderBy('position')
    .execute();
}

export function migrationOf({ row, rings }: Pick<StoredMigration, 'row' | 'rings'>): Migration {
  return {
    state: row.state,
    rings: rings.map(({ name, state, held_because }) => ({ name, state, heldBecause: held_because })),
  };
}

const codes: Readonly<Record<MigrationRefusal, ErrorCode>> = {
  no_such_ring: 'migration.no_such_ring',
  ended: 'migration.ended',
  paused: 'migration.paused',
  another_ring_goes: 'migration.another_ring_goes',
  not_its_turn: 'migration.not_its_turn',
  wrong_state: 'migration.wrong_state',
  shut_down: 'migration.ews_shut_down',
  not_read: 'migration.ews_not_read',
  switched_off: 'migration.ews_switched_off',
  not_listed: 'migration.ews_not_listed',
};

/**
 * Takes a step and writes what it changes.
 * @returns the migration afterwards, and whether anything changed
 * @throws AppError with the code of the refusal; nothing is written then
 */
export async function take(
  tx: Tx,
  stored: StoredMigration,
  event: MigrationEvent,
  now: Date,
): Promise<StoredMigration & { readonly hasChanged: boolean }> {
  const before = migrationOf(stored);
  const step = nextMigration(before, event);
  if (!step.ok) throw new AppError(codes[step.refusal]);
  const { migration } = step;
  const { tenant_id, id } = stored.row;

  let row = stored.row;
  if (migration.state !== before.state) {
    const ended_at = isOpenMigration(migration.state) ? null : now;
    await tx
      .updateTable('ews_migrations')
      .set({ state: migration.state, ended_at })
      .where('tenant_id', '=', tenant_id)
      .where('id', '=', id)
      .execute();
    row = { ...row, state: migration.state, ended_at };
  }
  const rings = [...stored.rings];
  for (const [index, ring] of stored.rings.entries()) {
    const next = migration.rings[index];
    if (!next || (next.state === ring.state && next.heldBecause === ring.held_because)) continue;
    const isStarting = next.state === 'switching';
    const changes = {
      state: next.state,
      held_because: next.heldBecause,
      // A ring that goes again has a check of its own.
      ...(isStarting ? { check_id: null, started_at: now } : {}),
      ended_at: isStarting || next.state === 'returning' ? null : now,
    };
    await setRing(tx, ring, changes);
    rings[index] = { ...ring, ...changes };
  }
  const hasChanged = row !== stored.row || rings.some((ring, index) => ring !== stored.rings[index]);
  return { ...stored, row, rings, hasChanged };
}

export async function setRing(tx: Tx, ring: RingRow, changes: Partial<RingRow>): Promise<void> {
  await tx
    .updateTable('ews_migration_rings')
    .set(changes)
    .where('tenant_id', '=', ring.tenant_id)
    .where('migration_id', '=', ring.migration_id)
    .where('name', '=', ring.name)
    .execute();
}

export function ringNamed({ rings }: Pick<StoredMigration, 'rings'>, name: RingName): RingRow {
  const ring = rings.find((one) => one.name === name);
  if (!ring) throw new AppError('migration.no_such_ring');
  return ring;
}
