import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { type ReasonCode, reasonCodes } from '../../../domain/mailbox-access/reason.ts';
import { maySettle } from '../../../domain/mailbox-access/verdict.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { scopeSpreadsUntil } from '../../db/intended-scope.ts';
import type { Tx } from '../../db/schema.ts';
import type { EndedSession } from './session-outcome.ts';

/** Whether a denial may come from a change that Microsoft does not show everywhere yet, as a check would say. */
export type IsSettling = (ended: EndedSession, user: { readonly organization_id: OrganizationId }) => boolean;

interface Bounds {
  readonly now: Date;
  readonly exchangeBoundMinutes: number;
}

/** What spreads in a tenant at present; nobody is asked where no session failed for its access. */
export async function findSettling(
  tx: Tx,
  tenantId: TenantId,
  ended: readonly EndedSession[],
  { now, exchangeBoundMinutes }: Bounds,
): Promise<IsSettling> {
  const failed = ended.filter((one) => accessReasonOf(one) !== undefined);
  if (failed.length === 0) return () => false;

  const spreading = new Set<RegistrationName>();
  for (const registration of new Set(failed.map(({ session }) => session.registration))) {
    const until = await scopeSpreadsUntil(tx, tenantId, registration, exchangeBoundMinutes);
    if (until && now < until) spreading.add(registration);
  }
  const consents = await tx
    .selectFrom('consent_changes')
    .select('organization_id')
    .where('tenant_id', '=', tenantId)
    .where('ended_at', 'is', null)
    .where('expected_by', '>', now)
    .execute();
  const consenting = new Set(consents.map(({ organization_id }) => organization_id));

  return (one, { organization_id }) => {
    const reason = accessReasonOf(one);
    if (reason === undefined) return false;
    const isSpreading = spreading.has(one.session.registration);
    return maySettle(reason, { isSpreading, isConsentSpreading: consenting.has(organization_id) });
  };
}

/** Why a session failed, where that is about access and not about the session itself. */
function accessReasonOf({ outcome }: EndedSession): ReasonCode | undefined {
  const reason = outcome.kind === 'failed' ? outcome.problem.reason : undefined;
  return reasonCodes.find((known) => known === reason);
}
