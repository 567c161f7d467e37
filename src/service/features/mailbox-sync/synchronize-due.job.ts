import { z } from 'zod';
import { tenantId } from '../../../contract/ids.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Clock } from '../../clock.ts';
import type { Applications } from '../../entra/applications.ts';
import type { GraphClient } from '../../graph/client.ts';
import { createBatchingClient } from '../../graph/paced-client.ts';
import type { TenantPaces } from '../../graph/tenant-pace.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { passStep } from '../../steps.ts';
import { runSession } from './run-session.ts';
import { saveOutcomes } from './save-outcomes.ts';
import { roundJobName } from './session-claims.store.ts';
import type { ClaimedSession, EndedSession } from './session-outcome.ts';
import { createSessionTokens } from './session-tokens.ts';
import type { SyncSessionStore } from './sync-sessions.store.ts';

interface Dependencies {
  readonly sessions: SyncSessionStore;
  readonly graph: GraphClient;
  readonly applications: Pick<Applications, 'tokensOf'>;
  readonly paces: TenantPaces;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

type SharedBySessions = Parameters<typeof runSession>[1];

/** Mailboxes that are read at the same time, each with one request after the other. */
const mostAtOnce = 400;
const mostUnsaved = 200;
const flushEveryMs = 250;
/** After so many the other tenants have their turn. */
const mostPerTurn = 5_000;

export const synchronizeDue = defineJob({
  name: roundJobName,
  payload: z.strictObject({ tenantId }),

  // May run twice: the worker that takes a round last goes on with what the one before has begun.
  async run(payload, dependencies: Dependencies & JobRun) {
    const { sessions, applications, graph, paces, clock, metrics, logger, signal } = dependencies;
    const round = await sessions.takeRound(payload.tenantId);
    // A fault here ends the waits of all mailboxes: what is not stored is read again by the next worker.
    const fault = new AbortController();
    const ended = AbortSignal.any([signal, fault.signal]);
    /** Sessions of one application share its token and its pace. */
    const shared = new Map<RegistrationName, Promise<SharedBySessions>>();
    async function share(registration: RegistrationName): Promise<SharedBySessions> {
      return {
        graph: createBatchingClient(
          { graph, pace: await paces.of(payload.tenantId, registration), clock, metrics },
          ended,
        ),
        tokens: createSessionTokens(applications.tokensOf(registration), payload.tenantId, clock),
        clock,
        logger,
        signal: ended,
      };
    }
    function sharedBy({ registration }: ClaimedSession): Promise<SharedBySessions> {
      const held = shared.get(registration) ?? share(registration);
      shared.set(registration, held);
      return held;
    }

    let unsaved: EndedSession[] = [];
    let claimedCount = 0;
    let isExhausted = false;
    let wake = Promise.withResolvers<void>();
    const running = new Set<Promise<void>>();

    function start(claimed: ClaimedSession, session: SharedBySessions): void {
      const run: Promise<void> = runSession(claimed, session)
        .then(
          (outcome) => void unsaved.push({ session: claimed, outcome }),
          () => {}, // aborted: the session stays for the next worker
        )
        .finally(() => {
          running.delete(run);
          wake.resolve();
        });
      running.add(run);
    }

    async function flush(): Promise<void> {
      const batch = unsaved;
      unsaved = [];
      await saveOutcomes(sessions, payload.tenantId, batch, logger);
    }

    let flushedAtMs = clock.monotonicMs();
    try {
      for (;;) {
        ended.throwIfAborted();
        const room = Math.min(mostAtOnce - running.size - unsaved.length, mostPerTurn - claimedCount);
        if (!isExhausted && room >= Math.min(mostAtOnce / 4, mostPerTurn - claimedCount) && room > 0) {
          const claimed = await sessions.claimDue(round, room);
          if (claimed === 'lost') {
            fault.abort(new Error('another worker took the round'));
            break;
          }
          isExhausted = claimed.length < room;
          claimedCount += claimed.length;
          passStep('session.claimed');
          for (const each of claimed) start(each, await sharedBy(each));
        }
        const isFlushDue = clock.monotonicMs() - flushedAtMs >= flushEveryMs || running.size === 0;
        if (unsaved.length >= mostUnsaved || (unsaved.length > 0 && isFlushDue)) {
          await flush();
          flushedAtMs = clock.monotonicMs();
          continue;
        }
        if (running.size === 0 && (isExhausted || claimedCount >= mostPerTurn)) break;
        wake = Promise.withResolvers<void>();
        const timer = new AbortController();
        await Promise.race([
          wake.promise,
          clock.wait(flushEveryMs, AbortSignal.any([ended, timer.signal])).catch(() => {}),
        ]);
        timer.abort();
      }
    } catch (error) {
      fault.abort(error);
      await Promise.all(running);
      // What was read stays, whatever happened.
      await flush().catch(() => {});
      throw error;
    }
    await Promise.all(running);
    await flush();
    await sessions.endTurn(round);
  },
});
