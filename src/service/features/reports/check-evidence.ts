import type { Consent } from '../../../contract/consent.ts';
import type { CheckComparison, ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import type { AppId, CheckId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { ReportActivities } from './report-activities.store.ts';

/** Everything that a report of a check says. */
export interface CheckEvidence {
  readonly tenantId: TenantId;
  readonly appId: AppId;
  readonly version: string;
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly check: ConnectivityCheck;
  /** Absent while the run has not ended. */
  readonly comparison: CheckComparison | undefined;
  /** Of each organization that the run covered and that is still there, as last verified. */
  readonly consents: readonly { readonly id: OrganizationId; readonly name: string; readonly consent: Consent }[];
  readonly proof: ScopeProof | undefined;
  readonly activities: Awaited<ReturnType<ReportActivities['between']>>;
}

/** Where a report's facts come from; each is read as it stands now. */
export interface EvidenceSources {
  readonly clock: Clock;
  readonly appId: AppId;
  readonly version: string;
  readonly activities: ReportActivities;
  readonly checks: {
    find(tenantId: TenantId, id: CheckId): Promise<ConnectivityCheck | undefined>;
    compare(tenantId: TenantId, id: CheckId): Promise<CheckComparison>;
  };
  readonly consents: { get(tenantId: TenantId, id: OrganizationId): Promise<Consent> };
  readonly proofs: { latest(tenantId: TenantId): Promise<ScopeProof | undefined> };
  readonly organizations: {
    list(tenantId: TenantId): Promise<readonly { id: OrganizationId; name: string; connectionType: ConnectionType }[]>;
  };
}

/** The line about the end of a check is written just after it. */
const afterEndMs = 1_000;

/** Gathers what a report of a check says; undefined when the tenant has no such check. */
export async function gatherEvidence(
  { clock, appId, version, activities, checks, consents, proofs, organizations }: EvidenceSources,
  { tenantId, displayName }: Admin,
  id: CheckId,
): Promise<CheckEvidence | undefined> {
  const check = await checks.find(tenantId, id);
  if (!check) return undefined;
  const madeAt = clock.now();
  const end = check.finishedAt ? new Date(Date.parse(check.finishedAt) + afterEndMs) : madeAt;
  const covered = (await organizations.list(tenantId)).filter(({ id: one, connectionType }) =>
    check.organizationId ? one === check.organizationId : connectionType === 'graph_app_only',
  );
  return {
    tenantId,
    appId,
    version,
    madeAt,
    madeBy: displayName,
    check,
    comparison: isOpen(check.state) ? undefined : await checks.compare(tenantId, id),
    consents: await Promise.all(
      covered.map(async ({ id, name }) => ({ id, name, consent: await consents.get(tenantId, id) })),
    ),
    proof: await proofs.latest(tenantId),
    activities: await activities.between(tenantId, new Date(check.createdAt), end),
  };
}
