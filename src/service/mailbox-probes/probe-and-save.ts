import { HandedBack } from '../queue/job.ts';
import { passStep } from '../steps.ts';
import type { MailboxResult } from './mailbox-result.ts';
import { type ProbeRunDependencies, type ProbeRunOptions, runProbes } from './probe-run.ts';

/** What an admin wants of a run; `lost` when another worker owns it. */
export type RunState = 'running' | 'cancelling' | 'lost';

export interface ProbeProgress {
  readonly throttledUntil: Date | undefined;
  readonly mailboxesPerSecond: number | undefined;
}

export interface DurableProbeRun
  extends Pick<ProbeRunOptions, 'tenantId' | 'capabilities' | 'nextMailboxes' | 'spreading' | 'signal'> {
  readonly isCancelledAlready: boolean;
  /** Stores results; called a few times a second, also without any. */
  save(results: readonly MailboxResult[], progress: ProbeProgress): Promise<RunState>;
}

const flushEveryMs = 250;
const mostUnsavedResults = 4_000;

class RunLost extends Error {}

/**
 * Tries mailboxes and stores what is found as it comes. What was found before a failure is stored too.
 * @throws what stopped it: a fault of ours, or the signal's reason; the rest is left for the next worker
 */
export async function probeAndSave(
  { isCancelledAlready, save, ...run }: DurableProbeRun,
  probing: ProbeRunDependencies,
): Promise<'completed' | 'cancelled' | 'lost'> {
  const { clock } = probing;
  const stop = new AbortController();
  // Handed back, or given up because something failed here: both end every wait.
  const ended = AbortSignal.any([run.signal, stop.signal]);
  const startedAtMs = clock.monotonicMs();
  let results: MailboxResult[] = [];
  let saved = 0;
  let isCancelled = isCancelledAlready;
  let throttledUntil: Date | undefined;

  async function flush(): Promise<void> {
    const batch = results;
    results = [];
    const seconds = (clock.monotonicMs() - startedAtMs) / 1000;
    const mailboxesPerSecond = seconds > 0 ? (saved + batch.length) / seconds : undefined;
    const state = await save(batch, { throttledUntil, mailboxesPerSecond });
    passStep('results.saved');
    if (state === 'lost') throw new RunLost();
    isCancelled = state === 'cancelling';
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
    const whole = runProbes(
      {
        ...run,
        onResult: (result) => results.push(result),
        async roomForResults() {
          while (results.length > mostUnsavedResults) await clock.wait(flushEveryMs, ended);
        },
        onThrottled: (until) => {
          throttledUntil = until;
        },
        isCancelled: () => isCancelled,
        signal: ended,
      },
      probing,
    );
    whole.catch(() => {});
    await Promise.race([whole, failed]);
    stop.abort(new HandedBack());
    await flushing;
    await flush();
    return isCancelled ? 'cancelled' : 'completed';
  } catch (error) {
    stop.abort(new HandedBack());
    if (error instanceof RunLost) return 'lost';
    // What was found stays, whatever happened.
    await flushing.then(flush).catch(() => {});
    throw error;
  }
}
