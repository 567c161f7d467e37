import { HandedBack } from '../queue/job.ts';
import { passStep } from '../steps.ts';
import type { MailboxResult } from './mailbox-result.ts';
import { type ProbeRunDependencies, type ProbeRunEnd, type ProbeRunOptions, runProbes } from './probe-run.ts';

/** What is wanted of a run; `lost` when another worker owns it. */
export type Wanted = 'go_on' | 'stop' | 'lost';

export interface ProbeProgress {
  readonly throttledUntil: Date | undefined;
  readonly mailboxesPerSecond: number | undefined;
}

export interface DurableProbeRun
  extends Pick<
    ProbeRunOptions,
    'tenantId' | 'registration' | 'isUrgent' | 'mailboxes' | 'nextMailboxes' | 'wasLetIn' | 'signal'
  > {
  readonly isStopWantedAlready: boolean;
  /** Stores results, {@link mostAtOnce} at most; called a few times a second, also without any. */
  save(results: readonly MailboxResult[], progress: ProbeProgress): Promise<Wanted>;
}

const flushEveryMs = 100;
/** The embedded database has one connection: a list that is opened meanwhile waits until these are stored. */
const mostAtOnce = 150;
/** The next results are on their way while the database writes: it need not wait for this process. */
const mostSavesAtOnce = 2;
const mostUnsavedResults = 600;

class RunLost extends Error {}

/**
 * Tries mailboxes and stores what is found as it comes. What was found before a failure is stored too.
 * @throws what stopped it: a fault of ours, or the signal's reason; the rest is left for the next worker
 */
export async function probeAndSave(
  { isStopWantedAlready, save, ...run }: DurableProbeRun,
  probing: ProbeRunDependencies,
): Promise<ProbeRunEnd | 'lost'> {
  const { clock } = probing;
  const stop = new AbortController();
  // Handed back, or given up because something failed here: both end every wait.
  const ended = AbortSignal.any([run.signal, stop.signal]);
  const startedAtMs = clock.monotonicMs();
  const results: MailboxResult[] = [];
  let room = Promise.withResolvers<void>();
  /** Ends the wait for more results. */
  let isEnough = () => {};
  ended.addEventListener('abort', () => room.resolve());
  stop.signal.addEventListener('abort', () => isEnough());
  let saved = 0;
  let isStopWanted = isStopWantedAlready;
  let throttledUntil: Date | undefined;

  function onResult(result: MailboxResult): void {
    results.push(result);
    if (results.length >= mostAtOnce) isEnough();
  }

  /** Few results wait for more. */
  async function untilEnough(): Promise<void> {
    if (results.length >= mostAtOnce) return;
    const wait = new AbortController();
    isEnough = () => wait.abort('enough');
    await clock.wait(flushEveryMs, wait.signal).catch(() => {});
  }

  async function flush(): Promise<void> {
    const batch = results.splice(0, mostAtOnce);
    const seconds = (clock.monotonicMs() - startedAtMs) / 1000;
    const mailboxesPerSecond = seconds > 0 ? (saved + batch.length) / seconds : undefined;
    const wanted = await save(batch, { throttledUntil, mailboxesPerSecond });
    if (wanted === 'lost') throw new RunLost();
    passStep('results.saved');
    isStopWanted = wanted === 'stop';
    saved += batch.length;
    room.resolve();
    room = Promise.withResolvers();
  }

  async function flushAll(): Promise<void> {
    while (results.length > 0) await flush();
  }

  const flushing = (async () => {
    const onTheirWay: Promise<void>[] = [];
    try {
      while (!stop.signal.aborted) {
        await untilEnough();
        const saving = flush();
        // Told when it is awaited.
        saving.catch(() => {});
        onTheirWay.push(saving);
        if (onTheirWay.length === mostSavesAtOnce) await onTheirWay.shift();
      }
      await Promise.all(onTheirWay);
    } finally {
      await Promise.allSettled(onTheirWay);
    }
  })();
  const failed = flushing.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});

  try {
    const whole = runProbes(
      {
        ...run,
        onResult,
        async roomForResults() {
          while (results.length > mostUnsavedResults && !ended.aborted) await room.promise;
        },
        onThrottled: (until) => {
          throttledUntil = until;
        },
        isStopWanted: () => isStopWanted,
        signal: ended,
      },
      probing,
    );
    whole.catch(() => {});
    const end = await Promise.race([whole, failed]);
    stop.abort(new HandedBack());
    await flushing;
    await flushAll();
    return end;
  } catch (error) {
    stop.abort(new HandedBack());
    if (error instanceof RunLost) return 'lost';
    // What was found stays, whatever happened.
    await flushing.then(flushAll).catch(() => {});
    throw error;
  }
}
