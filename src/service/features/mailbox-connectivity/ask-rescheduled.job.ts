import { z } from 'zod';
import { checkId, tenantId } from '../../../contract/ids.ts';
import type { CheckId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { Logger } from '../../log.ts';
import { defineJob } from '../../queue/job.ts';
import type { CheckStore } from './checks.store.ts';
import { rescheduledJobName } from './rescheduled-mailboxes.ts';

interface Dependencies {
  readonly checks: CheckStore;
  /** Organizations that the operator lets no check run for. */
  readonly blockedOrganizations: (tenantId: TenantId) => Promise<ReadonlySet<OrganizationId>>;
  readonly logger: Logger;
}

/** Asks the mailboxes again that Microsoft put off in a check, when it lets us: a small check that starts by itself. */
export const askRescheduled = defineJob<{ tenantId: TenantId; checkId: CheckId }, Dependencies>({
  name: rescheduledJobName,
  payload: z.strictObject({ tenantId, checkId }),

  // May run twice: whom one run has taken, the other does not find.
  async run(payload, { checks, blockedOrganizations, logger }) {
    const before = await checks.find(payload.tenantId, payload.checkId);
    const blocked = await blockedOrganizations(payload.tenantId);
    const isAllowed = before?.organizationId ? !blocked.has(before.organizationId) : blocked.size === 0;
    if (!isAllowed) logger.warn({ checkId: payload.checkId }, 'mailboxes that were put off are not asked again');
    await checks.startRescheduled(payload.tenantId, payload.checkId, isAllowed);
  },
});
