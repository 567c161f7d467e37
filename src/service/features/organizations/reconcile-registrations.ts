import { type SqlBool, sql } from 'kysely';
import type { TenantId } from '../../../domain/ids.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import { forgetVerdicts } from '../../db/forget-verdicts.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Application, Applications } from '../../entra/applications.ts';
import type { OrganizationDependencies } from './organizations.store.ts';

interface Dependencies extends Pick<OrganizationDependencies, 'onApplicationChanged'> {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly applications: Pick<Applications, 'all'>;
  readonly tenantIds: readonly TenantId[];
}

/**
 * Compares the configuration with the one before, once at the start. A name that stands for another application now
 * keeps nothing of what was found out about the former one; a name that is gone leaves consents that nobody can tell.
 */
export async function reconcileRegistrations(dependencies: Dependencies): Promise<void> {
  const { db, applications, tenantIds } = dependencies;
  const known = applications.all.flatMap(({ registration: name, isFor }) =>
    tenantIds.filter(isFor).map((tenantId) => ({ name, tenantId })),
  );
  await inTransaction(db, async (tx) => {
    for (const application of applications.all) {
      const { registration: name, appId } = application;
      await tx
        .insertInto('known_registrations')
        .values({ name, client_id: appId })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const replaced = await tx
        .updateTable('known_registrations')
        .set({ client_id: appId })
        .where('name', '=', name)
        .where('client_id', '<>', appId)
        .returning('name')
        .executeTakeFirst();
      if (replaced) await forgetFormer(tx, application, dependencies);
    }
    const isConfigured = sql<SqlBool>`(o.registration, o.tenant_id) in (
      select * from unnest(${known.map(({ name }) => name)}::text[], ${known.map(({ tenantId }) => tenantId)}::uuid[])
    )`;
    await tx
      .updateTable('consents as c')
      .from('organizations as o')
      .set({
        state: 'unknown',
        problem: 'registration_not_configured',
        facts: JSON.stringify({ problem: 'registration_not_configured', probes: {} }),
      })
      // A tenant that is not onboarded any more is nobody's to judge.
      .where('c.tenant_id', 'in', tenantIds)
      .whereRef('o.tenant_id', '=', 'c.tenant_id')
      .whereRef('o.id', '=', 'c.organization_id')
      .where(({ not }) => not(isConfigured))
      .execute();
  });
}

async function forgetFormer(
  tx: Tx,
  { registration, appId }: Application,
  { clock, recordActivity, onApplicationChanged }: Dependencies,
): Promise<void> {
  const organizations = await tx
    .selectFrom('organizations')
    .select(['tenant_id', 'id', 'name'])
    .where('registration', '=', registration)
    .execute();
  for (const { tenant_id: tenantId, ...organization } of organizations) {
    await onApplicationChanged(tx, tenantId, organization.id);
    await forgetVerdicts(tx, tenantId, organization.id);
    await recordActivity(tx, {
      tenantId,
      type: 'organization.updated',
      organization,
      details: { registration, clientId: appId },
    });
  }
  for (const table of [
    'exchange_readings',
    'mailbox_scopes',
    'scope_proofs',
    'scope_drifts',
    'tenant_rates',
  ] as const) {
    await tx.deleteFrom(table).where('registration', '=', registration).execute();
  }
  await tx
    .updateTable('scope_changes')
    .set({ state: 'undone', ended_at: clock.now() })
    .where('registration', '=', registration)
    .where('state', '=', 'open')
    .execute();
}
