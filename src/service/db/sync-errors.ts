import type { TenantId, UserId } from '../../domain/ids.ts';
import type { Capability } from '../../domain/mailbox-access/capability.ts';
import type { SyncReason, SyncResource } from '../../domain/mailbox-sync/sync-reason.ts';
import type { SyncErrorKind, Tx } from './schema.ts';

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

/** Opens sync errors; one that is open already is counted and dated, and says what the latest one said. */
export async function recordSyncErrors(tx: Tx, errors: readonly NewSyncError[], now: Date): Promise<void> {
  if (errors.length === 0) return;
  await tx
    .insertInto('sync_errors')
    .values(
      errors.map(({ tenantId, userId, kind, reason, capability, resource, title, detail }) => ({
        tenant_id: tenantId,
        user_id: userId,
        kind,
        reason: reason ?? ('' as const),
        capability: capability ?? null,
        resource: resource ?? null,
        title,
        detail,
        first_seen_at: now,
        last_seen_at: now,
        resolved_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'user_id', 'kind', 'reason'])
        .where('resolved_at', 'is', null)
        .doUpdateSet((eb) => ({
          last_seen_at: now,
          detail: eb.ref('excluded.detail'),
          capability: eb.ref('excluded.capability'),
          resource: eb.ref('excluded.resource'),
          count: eb('sync_errors.count', '+', 1),
        })),
    )
    .execute();
}
