import type { CheckComparison, ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, TenantId } from '../../../domain/ids.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { Admin } from '../../auth/admin.ts';
import { type CircumstanceSources, type Circumstances, gatherCircumstances } from './evidence.ts';

/** Everything that a report of a check says. */
export interface CheckEvidence extends Circumstances {
  readonly check: ConnectivityCheck;
  /** Absent while the run has not ended. */
  readonly comparison: CheckComparison | undefined;
}

/** Where a report's facts come from; each is read as it stands now. */
export interface EvidenceSources extends CircumstanceSources {
  readonly checks: {
    find(tenantId: TenantId, id: CheckId): Promise<ConnectivityCheck | undefined>;
    compare(tenantId: TenantId, id: CheckId): Promise<CheckComparison>;
  };
}

/** Gathers what a report of a check says; undefined when the tenant has no such check. */
export async function gatherEvidence(
  { checks, ...sources }: EvidenceSources,
  admin: Admin,
  id: CheckId,
): Promise<CheckEvidence | undefined> {
  const check = await checks.find(admin.tenantId, id);
  if (!check) return undefined;
  return {
    ...(await gatherCircumstances(sources, admin, check)),
    check,
    comparison: isOpen(check.state) ? undefined : await checks.compare(admin.tenantId, id),
  };
}
