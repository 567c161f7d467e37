import { SignInFailure } from '../auth/sign-in-failure.ts';
import { ApiError, ServiceUnreachable } from './api-error.ts';
import { eventsOf, withinSilence } from './event-stream.ts';
import { pauseBeforeReconnection, waitFor } from './reconnection.ts';

export interface WatchOptions<State> {
  readonly onEvent: (state: State) => void;
  /** Whether nothing comes after this state. */
  readonly isLast: (state: State) => boolean;
  readonly signal: AbortSignal;
}

/** How to wait, and chance: what a test replaces. */
export interface WatchPace {
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

export const usualPace: WatchPace = { wait: waitFor, random: Math.random };

interface Stream<State> {
  /** @param renew the last token was refused */
  readonly connect: (renew: boolean, signal: AbortSignal) => Promise<Response>;
  /** Reads the data of an event, or throws. */
  readonly parse: (data: string) => State;
  /** Throws what an answer other than 2xx stands for. */
  readonly refuse: (response: Response) => Promise<never>;
}

/**
 * Follows a stream until its last state. Each connection begins with the whole current state: one that broke is opened
 * again and nothing is lost. Between two attempts passes at least a second.
 * @throws what does not pass by waiting, such as a check that does not exist; or what `signal` was aborted with
 */
export async function watchStream<State>(
  { connect, parse, refuse }: Stream<State>,
  { onEvent, isLast, signal }: WatchOptions<State>,
  { wait, random }: WatchPace,
): Promise<void> {
  let failures = 0;
  let isRenewing = false;
  for (;;) {
    let retryAfterMs = 0;
    const attempt = new AbortController();
    try {
      const response = await withinSilence(connect(isRenewing, AbortSignal.any([signal, attempt.signal])));
      if (response.status === 401 && !isRenewing) {
        // Once: the token may have ended while the stream was open. A second refusal is an answer.
        isRenewing = true;
      } else {
        retryAfterMs = 1_000 * (Number(response.headers.get('retry-after')) || 0);
        if (!response.ok || !response.body) await refuse(response);
        isRenewing = false;
        for await (const data of eventsOf(response.body as NonNullable<Response['body']>)) {
          const state = parse(data);
          failures = 0;
          onEvent(state);
          if (isLast(state)) return;
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!passes(error)) throw error;
    } finally {
      // Nobody listens any more, also when this attempt fell silent.
      attempt.abort();
    }
    await wait(Math.max(retryAfterMs, pauseBeforeReconnection(failures, random())), signal);
    failures += 1;
  }
}

/** A busy service, a broken network and a sign-in without one pass; a refusal does not. */
function passes(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 || error.status === 429;
  if (error instanceof SignInFailure) return error.kind === 'offline' || error.kind === 'timed_out';
  return error instanceof ServiceUnreachable;
}
