import { z } from 'zod';
import { checkId, tenantId } from '../../../contract/ids.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { Logger } from '../../log.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import { type ProbeRunDependencies, runProbes, type Spreading } from '../../mailbox-probes/probe-run.ts';
import { defineJob, HandedBack, type JobRun } from '../../queue/job.ts';
import { checkJobName, urgentCheckJobName } from './check-requests.store.ts';
import type { CheckStore } from './checks.store.ts';

interface Dependencies extends ProbeRunDependencies {
  readonly checks: CheckStore;
  readonly logger: Logger;
}

const flushEveryMs = 250;
const pageSize = 2_000;
const mostSavedAtOnce = 1_000;
const mostUnsavedResults = 4_000;
/** A run that keeps failing for reasons of ours ends instead of starting over for ever. */
const mostFailures = 5;

/** The worker lost the run to another one. */
class RunLost extends Error {}

export const checkMailboxes = defineJob({
  name: checkJobName,
  payload: z.object({ tenantId, checkId }),

  // May run twice: results are keyed by check and mailbox, and only mailboxes without a result are asked.
  async run(payload, { checks, logger, signal, ...probing }: Dependencies & JobRun) {
    const claimed = await checks.claim(payload.tenantId, payload.checkId);
    if (!claimed) return; // ended, or its organization was deleted while the job waited

    const { clock } = probing;
    const stop = new AbortController();
    // Handed back, or given up because something failed here: both end every wait.
    const ended = AbortSignal.any([signal, stop.signal]);
    const startedAtMs = clock.monotonicMs();
    let results: MailboxResult[] = [];
    let saved = 0;
    let state: 'running' | 'cancelling' = claimed.check.state === 'cancelling' ? 'cancelling' : 'running';
    let throttledUntil: Date | undefined;
    let after: UserId | undefined;
    let spreading: Spreading = { scopeUntil: undefined, consentUntil: undefined };

    async function flush(): Promise<void> {
      // Not all at once: everybody else waits while the embedded database stores them.
      const batch = results.slice(0, mostSavedAtOnce);
      results = results.slice(mostSavedAtOnce);
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
        if (results.length < mostSavedAtOnce) await clock.wait(flushEveryMs, stop.signal).catch(() => {});
        await flush();
      }
    })();
    const failed = flushing.then(() => new Promise<never>(() => {}));
    failed.catch(() => {});

    try {
      const whole = runProbes(
        {
          tenantId: claimed.check.tenant_id,
          capabilities: claimed.capabilities,
          isUrgent: claimed.check.is_urgent,
          async nextMailboxes() {
            const page = await checks.pending(claimed, after, pageSize);
            after = page.at(-1)?.userId;
            spreading = await checks.spreading(claimed);
            return page;
          },
          spreading: () => spreading,
          onResult: (result) => results.push(result),
          async roomForResults() {
            while (results.length > mostUnsavedResults) await clock.wait(flushEveryMs, ended);
          },
          onThrottled: (until) => {
            throttledUntil = until;
          },
          isCancelled: () => state === 'cancelling',
          signal: ended,
        },
        probing,
      );
      whole.catch(() => {});
      await Promise.race([whole, failed]);
      stop.abort(new HandedBack());
      await flushing;
      do await flush();
      while (results.length > 0);
      await checks.finish(claimed, state === 'cancelling' ? 'cancelled' : 'completed');
    } catch (error) {
      stop.abort(new HandedBack());
      if (error instanceof RunLost) return;
      // What was found stays, whatever happened.
      await flushing
        .then(async () => {
          do await flush();
          while (results.length > 0);
        })
        .catch(() => {});
      // A run that was handed over is no failure, however often.
      if (!(error instanceof HandedBack) && (await checks.countFailure(claimed)) >= mostFailures) {
        logger.error({ err: error, checkId: payload.checkId }, 'check failed for good');
        await checks.finish(claimed, 'failed');
        return;
      }
      throw error;
    }
  },
});

/** The same for a few mailboxes, under a name of its own: no large check keeps it waiting. */
export const checkFewMailboxes = defineJob({ ...checkMailboxes, name: urgentCheckJobName });
