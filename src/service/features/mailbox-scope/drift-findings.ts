import type { ScopeDriftId, TenantId } from '../../../domain/ids.ts';
import { type Difference, type DriftKind, oppositeOf } from '../../../domain/mailbox-scope/drift.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Tx } from '../../db/schema.ts';

/**
 * Stores what was found, once per kind and subject while it is open. A difference that takes an open finding back ends
 * it and is none itself.
 * @returns how many are new
 */
export async function noteDrift(
  tx: Tx,
  recordActivity: RecordActivity,
  found: { readonly tenantId: TenantId; readonly differences: readonly Difference[]; readonly now: Date },
): Promise<number> {
  const { tenantId, differences, now } = found;
  let added = 0;
  for (const { what, subject, capabilities } of differences) {
    const opposite = oppositeOf[what];
    if (opposite && (await endDrift(tx, tenantId, opposite, now, subject))) continue;
    const created = await tx
      .insertInto('scope_drifts')
      .values({
        tenant_id: tenantId,
        id: crypto.randomUUID() as ScopeDriftId,
        what,
        subject,
        capabilities: [...capabilities],
        // Only the directory's audit log knows, and the product does not ask for the permission to read it.
        by: null,
        found_at: now,
        dismissed_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!created) continue;
    added += 1;
    await recordActivity(tx, { tenantId, type: 'drift.found', details: { what, subject } });
  }
  return added;
}

/** Takes a finding off the list because it is true no more. */
export async function endDrift(
  tx: Tx,
  tenantId: TenantId,
  what: DriftKind,
  now: Date,
  subject?: string,
): Promise<boolean> {
  const ended = await tx
    .updateTable('scope_drifts')
    .set({ dismissed_at: now })
    .where('tenant_id', '=', tenantId)
    .where('what', '=', what)
    .where('dismissed_at', 'is', null)
    .$if(subject !== undefined, (query) => query.where('subject', '=', subject as string))
    .returning('id')
    .execute();
  return ended.length > 0;
}
