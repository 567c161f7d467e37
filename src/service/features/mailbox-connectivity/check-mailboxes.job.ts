import { z } from 'zod';
import { checkId, tenantId } from '../../../contract/ids.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Logger } from '../../log.ts';
import { probeAndSave } from '../../mailbox-probes/probe-and-save.ts';
import type { ProbeRunDependencies, ProbeRunEnd } from '../../mailbox-probes/probe-run.ts';
import { defineJob, HandedBack, type JobRun } from '../../queue/job.ts';
import { createTurn, type Turn } from '../../queue/turn.ts';
import { passStep } from '../../steps.ts';
import { checkJobName, isUrgent, urgentCheckJobName } from './check-requests.store.ts';
import type { ClaimedCheck } from './check-runs.store.ts';
import type { CheckStore } from './checks.store.ts';

interface Dependencies extends ProbeRunDependencies {
  readonly checks: CheckStore;
  readonly logger: Logger;
}

interface Probing {
  readonly checks: CheckStore;
  readonly probing: ProbeRunDependencies;
  readonly turn: Turn;
  readonly signal: AbortSignal;
}

/** Short enough that nobody who looks at a list waits for it on the embedded database. */
const pageSize = 500;
/** A run that keeps failing for reasons of ours ends instead of starting over for ever. */
const mostFailures = 5;
/** A run that took so many workers with it, one after the other, is not tried by another one. */
const mostDeaths = 20;

export const checkMailboxes = defineJob({
  name: checkJobName,
  payload: z.strictObject({ tenantId, checkId }),

  // May run twice: results are keyed by check and mailbox, and only mailboxes without a result are asked.
  async run(payload, { checks, logger, signal, retryCount, othersWait, ...probing }: Dependencies & JobRun) {
    const claimed = await checks.claim(payload.tenantId, payload.checkId);
    if (!claimed) return; // paused, ended, or its organization was deleted while the job waited
    passStep('check.claimed');
    if (retryCount > mostDeaths) {
      logger.error({ checkId: payload.checkId, retryCount }, 'check given up');
      return checks.stop(claimed, 'failed');
    }
    const turn = createTurn({ clock: probing.clock, othersWait });

    try {
      const end = await probeByApplication(claimed, { checks, probing, turn, signal });
      if (end !== 'lost') await checks.stop(claimed, end);
      else logger.warn({ checkId: payload.checkId }, 'check lost: another worker goes on with it');
      passStep('run.finished');
      if (end === 'all_done') await checks.forgetOld(claimed.check);
    } catch (error) {
      if (error instanceof HandedBack || signal.aborted || retryCount < mostFailures) throw error;
      logger.error({ err: error, checkId: payload.checkId }, 'check failed for good');
      await checks.stop(claimed, 'failed');
    }
  },
});

/**
 * Tries the mailboxes of each application in its turn, as that application. One that Microsoft does not let in any more
 * does not keep the others from being tried; the run pauses for it afterwards.
 */
async function probeByApplication(
  claimed: ClaimedCheck,
  { checks, probing, turn, signal }: Probing,
): Promise<ProbeRunEnd | 'lost'> {
  const shutOut = new Set<RegistrationName>();
  for (;;) {
    const waiting = (await checks.waitingFor(claimed)).filter((registration) => !shutOut.has(registration));
    let isAnythingFound = false;
    for (const registration of waiting) {
      let after: UserId | undefined;
      const end = await probeAndSave(
        {
          tenantId: claimed.check.tenant_id,
          registration,
          wasLetIn: await checks.wasLetIn(claimed, registration),
          isUrgent: isUrgent(claimed.check),
          ...(waiting.length === 1 ? { mailboxes: claimed.check.total } : {}),
          async nextMailboxes() {
            const page = await checks.pending(claimed, registration, after, pageSize);
            after = page.at(-1)?.userId;
            return page;
          },
          isStopWantedAlready: claimed.check.state !== 'running',
          async save(results, progress) {
            isAnythingFound ||= results.length > 0;
            const wanted = await checks.saveResults(claimed, registration, results, progress);
            // What is on its way is awaited and kept, as when an admin pauses; the rest waits behind the others.
            return wanted === 'go_on' && (await turn.isOver()) ? 'stop' : wanted;
          },
          signal,
        },
        probing,
      );
      if (end === 'lost' || end === 'asked') return end;
      if (end === 'consent_changed') shutOut.add(registration);
    }
    // Who came to another application meanwhile is tried by that one.
    if (!isAnythingFound) return shutOut.size > 0 ? 'consent_changed' : 'all_done';
  }
}

/** The same for a few mailboxes, under a name of its own: no long run keeps it waiting. */
export const checkFewMailboxes = defineJob({ ...checkMailboxes, name: urgentCheckJobName });
