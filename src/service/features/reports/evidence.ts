import type { Consent } from '../../../contract/consent.ts';
import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import type { AppId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { ReportActivities } from './report-activities.store.ts';

/** What every report says beside its own subject. */
export interface Circumstances {
  readonly tenantId: TenantId;
  readonly appId: AppId;
  readonly version: string;
  readonly madeAt: Date;
  readonly madeBy: string;
  /** Of each organization that the run covered and that is still there, as last verified. */
  readonly consents: readonly { readonly id: OrganizationId; readonly name: string; readonly consent: Consent }[];
  readonly proof: ScopeProof | undefined;
  readonly activities: Awaited<ReturnType<ReportActivities['between']>>;
}

/** Where the circumstances come from; each is read as it stands now. */
export interface CircumstanceSources {
  readonly clock: Clock;
  readonly appId: AppId;
  readonly version: string;
  readonly activities: ReportActivities;
  readonly consents: { get(tenantId: TenantId, id: OrganizationId): Promise<Consent> };
  readonly proofs: { latest(tenantId: TenantId): Promise<ScopeProof | undefined> };
  readonly organizations: {
    list(tenantId: TenantId): Promise<readonly { id: OrganizationId; name: string; connectionType: ConnectionType }[]>;
  };
}

/** The line about the end of a run is written just after it. */
const afterEndMs = 1_000;

/** @param run the organization that it covered, or null for all, and its time; `finishedAt` null while it goes on */
export async function gatherCircumstances(
  { clock, appId, version, activities, consents, proofs, organizations }: CircumstanceSources,
  { tenantId, displayName }: Admin,
  run: {
    readonly organizationId: OrganizationId | null;
    readonly createdAt: string;
    readonly finishedAt: string | null;
  },
): Promise<Circumstances> {
  const madeAt = clock.now();
  const end = run.finishedAt ? new Date(Date.parse(run.finishedAt) + afterEndMs) : madeAt;
  const covered = (await organizations.list(tenantId)).filter(({ id, connectionType }) =>
    run.organizationId ? id === run.organizationId : connectionType === 'graph_app_only',
  );
  return {
    tenantId,
    appId,
    version,
    madeAt,
    madeBy: displayName,
    consents: await Promise.all(
      covered.map(async ({ id, name }) => ({ id, name, consent: await consents.get(tenantId, id) })),
    ),
    proof: await proofs.latest(tenantId),
    activities: await activities.between(tenantId, new Date(run.createdAt), end),
  };
}
