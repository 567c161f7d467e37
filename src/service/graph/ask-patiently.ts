import type { Clock } from '../clock.ts';
import type { GraphClient, GraphRequest } from './client.ts';
import { type GraphAnswer, readMailboxRefusal } from './error.ts';

export interface Patience {
  readonly mostTries: number;
  /** Whoever is asked to wait longer gets the answer as it is. */
  readonly longestWaitSeconds: number;
}

const usualPatience: Patience = { mostTries: 4, longestWaitSeconds: 60 };

/**
 * Asks again, a few times, where an answer may change soon: with a growing pause, and not before the time that Graph names.
 * @returns the answer that stands; undefined when none came
 * @throws the signal's reason when aborted
 */
export async function askPatiently(
  graph: GraphClient,
  clock: Clock,
  request: GraphRequest,
  { mostTries, longestWaitSeconds }: Patience = usualPatience,
): Promise<GraphAnswer | undefined> {
  for (let attempt = 1; ; attempt++) {
    const answer = await graph.send(request);
    const refusal = answer && answer.status !== 200 ? readMailboxRefusal(answer, clock.now()) : undefined;
    const ownSeconds = 2 ** (attempt - 1);
    const waitSeconds =
      answer === undefined || refusal?.kind === 'unavailable'
        ? ownSeconds
        : refusal?.kind === 'throttled'
          ? Math.max(ownSeconds, refusal.retryAfterSeconds)
          : undefined;
    if (waitSeconds === undefined || attempt >= mostTries || waitSeconds > longestWaitSeconds) return answer;
    await clock.wait(waitSeconds * 1000, request.signal);
  }
}
