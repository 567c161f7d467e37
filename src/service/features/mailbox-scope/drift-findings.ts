import type { ScopeDriftId, TenantId } from '../../../domain/ids.ts';
import { type Difference, type DriftKind, oppositeOf } from '../../../domain/mailbox-scope/drift.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
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
  found: {
    readonly tenantId: TenantId;
    readonly registration: RegistrationName;
    readonly differences: readonly Difference[];
    readonly now: Date;
  },
): Promise<number> {
  const { tenantId, registration, differences, now } = found;
  let added = 0;
  for (const { what, subject, capabilities } of differences) {
    const opposite = oppositeOf[what];
    if (opposite && (await endDrift(tx, { tenantId, registration, what: opposite, subject }, now))) continue;
    const created = await tx
      .insertInto('scope_drifts')
      .values({
        tenant_id: tenantId,
        registration,
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
  {
    tenantId,
    registration,
    what,
    subject,
  }: {
    readonly tenantId: TenantId;
    readonly registration: RegistrationName;
    readonly what: DriftKind;
    readonly subject?: string;
  },
  now: Date,
): Promise<boolean> {
  const ended = await tx
    .updateTable('scope_drifts')
    .set({ dismissed_at: now })
    .where('tenant_id', '=', tenantId)
    .where('registration', '=', registration)
    .where('what', '=', what)
    .where('dismissed_at', 'is', null)
    .$if(subject !== undefined, (query) => query.where('subject', '=', subject as string))
    .returning('id')
    .execute();
  return ended.length > 0;
}
