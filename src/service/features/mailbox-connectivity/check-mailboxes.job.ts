import { z } from 'zod';
import { checkId, tenantId } from '../../../contract/ids.ts';
import type { PermissionGrant } from '../../../domain/consent/consent-state.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { Logger } from '../../log.ts';
import { defineJob, HandedBack, type JobRun } from '../../queue/job.ts';
import { type CheckStore, checkJobName } from './checks.store.ts';
import { type MailboxResult, type ProbeRunDependencies, runProbes } from './probe-run.ts';

interface Dependencies extends ProbeRunDependencies {
  readonly checks: CheckStore;
  /** What the organization's features have; one without its permission is not tried. */
  readonly currentGrants: (
    organization: { tenantId: TenantId; id: OrganizationId; name: string; capabilities: readonly Capability[] },
    signal: AbortSignal,
  ) => Promise<readonly PermissionGrant[]>;
  readonly logger: Logger;
}

const flushEveryMs = 250;
const pageSize = 2_000;
const mostUnsavedResults = 4_000;
/** A run that keeps failing for reasons of ours ends instead of starting over for ever. */
const mostFailures = 5;

/** The worker lost the run to another one. */
class RunLost extends Error {}

export const checkMailboxes = defineJob({
  name: checkJobName,
  payload: z.object({ tenantId, checkId }),

  // May run twice: results are keyed by check and mailbox, and only mailboxes without a result are asked.
  async run(payload, { checks, currentGrants, logger, signal, retryCount, ...probing }: Dependencies & JobRun) {
    const claimed = await checks.claim(payload.tenantId, payload.checkId);
    if (!claimed) return; // ended, or its organization was deleted while the job waited

    const { clock } = probing;
    const stop = new AbortController();
    const startedAtMs = clock.monotonicMs();
    let results: MailboxResult[] = [];
    let saved = 0;
    let state: 'running' | 'cancelling' = claimed.check.state === 'cancelling' ? 'cancelling' : 'running';
    let throttledUntil: Date | undefined;
    let after: UserId | undefined;

    async function flush(): Promise<void> {
      const batch = results;
      results = [];
      const seconds = (clock.monotonicMs() - startedAtMs) / 1000;
      const mailboxesPerSecond = seconds > 0 ? (saved + batch.length) / seconds : undefined;
      const answer = await checks.saveResults(claimed as NonNullable<typeof claimed>, batch, {
        throttledUntil,
        mailboxesPerSecond,
      });
      if (answer === 'lost') throw new RunLost();
      state = answer;
      saved += batch.length;
    }

    const flushing = (async () => {
      while (!stop.signal.aborted) {
        await clock.wait(flushEveryMs, stop.signal).catch(() => {});
        await flush();
      }
    })();
    const failed = flushing.then(() => new Promise<never>(() => {}));
    failed.catch(() => {});

    try {
      const { check, organizationName: name, capabilities } = claimed;
      const organization = { tenantId: check.tenant_id, id: check.organization_id, name, capabilities };
      const grants = await currentGrants(organization, signal);
      const whole = runProbes(
        {
          tenantId: check.tenant_id,
          capabilities,
          grants,
          async nextMailboxes() {
            const page = await checks.pending(claimed, after, pageSize);
            after = page.at(-1);
            return page;
          },
          onResult: (result) => results.push(result),
          async roomForResults() {
            while (results.length > mostUnsavedResults) await clock.wait(flushEveryMs, signal);
          },
          onThrottled: (until) => {
            throttledUntil = until;
          },
          isCancelled: () => state === 'cancelling',
          signal: AbortSignal.any([signal, stop.signal]),
        },
        probing,
      );
      whole.catch(() => {});
      await Promise.race([whole, failed]);
      stop.abort(new HandedBack());
      await flushing;
      await flush();
      await checks.finish(claimed, state === 'cancelling' ? 'cancelled' : 'completed');
    } catch (error) {
      stop.abort(new HandedBack());
      if (error instanceof RunLost) return;
      // What was found stays, whatever happened.
      await flushing.then(flush).catch(() => {});
      if (!(error instanceof HandedBack) && retryCount >= mostFailures) {
        logger.error({ err: error, checkId: payload.checkId }, 'check failed for good');
        await checks.finish(claimed, 'failed');
        return;
      }
      throw error;
    }
  },
});
