import { sql } from 'kysely';
import type { TenantId, UserId } from '../../domain/ids.ts';
import type { Capability } from '../../domain/mailbox-access/capability.ts';
import type { SyncReason, SyncResource } from '../../domain/mailbox-sync/sync-reason.ts';
import type { SyncErrorKind } from './schema/mailbox-sync.ts';
import type { Tx } from './schema.ts';

export interface NewSyncError {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly kind: SyncErrorKind;
  readonly reason?: SyncReason;
  readonly capability?: Capability | null;
  readonly resource?: SyncResource | null;
  readonly title: string;
  readonly detail: string;
}

/**
 * Opens sync errors; one that is open already is counted and dated, and says what the latest one said. A parameter per
 * column: with one per cell the database spends most of its time on reading the statement.
 */
export async function recordSyncErrors(tx: Tx, errors: readonly NewSyncError[], now: Date): Promise<void> {
  if (errors.length === 0) return;
  await sql`
    insert into sync_errors as e
      (tenant_id, user_id, kind, reason, capability, resource, title, detail, first_seen_at, last_seen_at)
    select n.*, ${now}::timestamptz, ${now}::timestamptz from unnest(
      ${errors.map(({ tenantId }) => tenantId)}::uuid[],
      ${errors.map(({ userId }) => userId)}::uuid[],
      ${errors.map(({ kind }) => kind)}::text[],
      ${errors.map(({ reason }) => reason ?? '')}::text[],
      ${errors.map(({ capability }) => capability ?? null)}::text[],
      ${errors.map(({ resource }) => resource ?? null)}::text[],
      ${errors.map(({ title }) => title)}::text[],
      ${errors.map(({ detail }) => detail)}::text[]
    ) as n
    on conflict (tenant_id, user_id, kind, reason) where resolved_at is null do update set
      last_seen_at = excluded.last_seen_at, detail = excluded.detail, capability = excluded.capability,
      resource = excluded.resource, count = e.count + 1
  `.execute(tx);
}

/** Closes the sync errors of one kind that are open. */
export async function resolveSyncErrors(
  tx: Tx,
  tenantId: TenantId,
  userIds: readonly UserId[],
  kind: SyncErrorKind,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('sync_errors')
    .set({ resolved_at: now })
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', sql<UserId>`any(${userIds}::uuid[])`)
    .where('kind', '=', kind)
    .where('resolved_at', 'is', null)
    .execute();
}
