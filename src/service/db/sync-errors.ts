import type { TenantId, UserId } from '../../domain/ids.ts';
import type { SyncErrorKind, Tx } from './schema.ts';

export interface NewSyncError {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly kind: SyncErrorKind;
  readonly title: string;
  readonly detail: string;
}

/** Opens sync errors; one that is open already is counted and dated, and says what the latest one said. */
export async function recordSyncErrors(tx: Tx, errors: readonly NewSyncError[], now: Date): Promise<void> {
  await tx
    .insertInto('sync_errors')
    .values(
      errors.map(({ tenantId, userId, kind, title, detail }) => ({
        tenant_id: tenantId,
        user_id: userId,
        kind,
        title,
        detail,
        first_seen_at: now,
        last_seen_at: now,
        resolved_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'user_id', 'kind'])
        .where('resolved_at', 'is', null)
        .doUpdateSet((eb) => ({
          last_seen_at: now,
          detail: eb.ref('excluded.detail'),
          count: eb('sync_errors.count', '+', 1),
        })),
    )
    .execute();
}
