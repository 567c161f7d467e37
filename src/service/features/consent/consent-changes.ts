import type { Selectable } from 'kysely';
import type { RolesAnnounced } from '../../../domain/consent/consent-state.ts';
import { expectedByOf } from '../../../domain/consent/propagation.ts';
import type { ConsentChangeId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { ConsentChangesTable } from '../../db/schema/consent.ts';
import type { Db, Tx } from '../../db/schema.ts';

export type StoredChange = Selectable<ConsentChangesTable>;

interface OfOrganization {
  readonly tenantId: TenantId;
  readonly organizationId: OrganizationId;
}

/** The latest change of an organization's consent, whether it is on its way or not. */
export async function latestChange(db: Db | Tx, { tenantId, organizationId }: OfOrganization) {
  return db
    .selectFrom('consent_changes')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('organization_id', '=', organizationId)
    .orderBy((eb) => eb('ended_at', 'is not', null))
    .orderBy('changed_at', 'desc')
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Starts a clock; a change that was still on its way gives place. */
export async function startChange(
  tx: Tx,
  { tenantId, organizationId }: OfOrganization,
  change: {
    readonly kind: ConsentChangesTable['kind'];
    readonly changedAt: Date;
    readonly announced?: RolesAnnounced | undefined;
  },
): Promise<StoredChange> {
  await tx
    .updateTable('consent_changes')
    .set({ ended_at: change.changedAt, outcome: 'superseded' })
    .where('tenant_id', '=', tenantId)
    .where('organization_id', '=', organizationId)
    .where('ended_at', 'is', null)
    .execute();
  return tx
    .insertInto('consent_changes')
    .values({
      tenant_id: tenantId,
      id: crypto.randomUUID() as ConsentChangeId,
      organization_id: organizationId,
      kind: change.kind,
      changed_at: change.changedAt,
      expected_by: expectedByOf(change.changedAt),
      ended_at: null,
      outcome: null,
      announced: change.announced ? JSON.stringify(change.announced) : null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function endChange(
  tx: Tx,
  change: StoredChange,
  outcome: Exclude<ConsentChangesTable['outcome'], null>,
  endedAt: Date,
): Promise<StoredChange> {
  return tx
    .updateTable('consent_changes')
    .set({ ended_at: endedAt, outcome })
    .where('tenant_id', '=', change.tenant_id)
    .where('id', '=', change.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What an admin said in two changes, one after the other: the later one is right. */
export function mergeAnnounced(earlier: RolesAnnounced | null | undefined, later: RolesAnnounced): RolesAnnounced {
  const keep = (names: readonly string[] = [], undone: readonly string[]) =>
    names.filter((name) => !undone.includes(name));
  return {
    granted: [...new Set([...keep(earlier?.granted, later.revoked), ...later.granted])],
    revoked: [...new Set([...keep(earlier?.revoked, later.granted), ...later.revoked])],
  };
}
