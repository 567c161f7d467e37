import type { Cause } from '../../../contract/access-counts.ts';
import type { EwsCockpit, EwsMigrant, EwsMigration } from '../../../contract/ews-migrations.ts';
import type { MigrantState } from '../../../domain/ews-migration/migrant-state.ts';
import type { EwsMigrationId, TenantId } from '../../../domain/ids.ts';
import type { Admin } from '../../auth/admin.ts';
import { type CircumstanceSources, type Circumstances, gatherCircumstances } from './evidence.ts';

/** Everything that a report of a migration says. */
export interface MigrationEvidence extends Circumstances {
  readonly migration: EwsMigration;
  /** Why users are not on Microsoft Graph, of all rings, most first. */
  readonly causes: readonly Pick<Cause, 'reason' | 'count'>[];
  /** The first of those whose check failed or could not tell. */
  readonly notMoved: readonly EwsMigrant[];
  readonly cockpit: EwsCockpit;
}

export interface MigrationEvidenceSources extends CircumstanceSources {
  readonly migrations: {
    find(tenantId: TenantId, id: EwsMigrationId): Promise<EwsMigration | undefined>;
    causes(tenantId: TenantId, id: EwsMigrationId): Promise<MigrationEvidence['causes']>;
    users(
      tenantId: TenantId,
      id: EwsMigrationId,
      filter: { readonly state: MigrantState; readonly limit: number },
    ): Promise<{ users: EwsMigrant[] }>;
  };
  readonly cockpit: { view(tenantId: TenantId): Promise<EwsCockpit> };
}

/** So many are named; everybody is counted. */
export const mostNamed = 200;

/** Gathers what a report of a migration says; undefined when the tenant has no such migration. */
export async function gatherMigrationEvidence(
  { migrations, cockpit, ...sources }: MigrationEvidenceSources,
  admin: Admin,
  id: EwsMigrationId,
): Promise<MigrationEvidence | undefined> {
  const { tenantId } = admin;
  const migration = await migrations.find(tenantId, id);
  if (!migration) return undefined;
  const { organizationId, createdAt, endedAt: finishedAt } = migration;
  const failed = await migrations.users(tenantId, id, { state: 'failed', limit: mostNamed });
  const untold = await migrations.users(tenantId, id, { state: 'untold', limit: mostNamed });
  return {
    // A ring of an ended migration can still go back: what was done since then belongs to it.
    ...(await gatherCircumstances(sources, admin, {
      organizationId,
      createdAt,
      finishedAt: lastOf([finishedAt, ...migration.rings.map(({ endedAt }) => endedAt)]),
    })),
    migration,
    causes: await migrations.causes(tenantId, id),
    notMoved: [...failed.users, ...untold.users].slice(0, mostNamed),
    cockpit: await cockpit.view(tenantId),
  };
}

/** The latest of some instants; null while one of them is still to come, as of what goes on. */
function lastOf([end, ...others]: readonly (string | null)[]): string | null {
  if (!end) return null;
  return others.reduce<string>((last, at) => (at !== null && at > last ? at : last), end);
}
