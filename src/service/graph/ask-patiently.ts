import type { Clock } from '../clock.ts';
import type { GraphClient, GraphRequest } from './client.ts';
import { type GraphAnswer, readMailboxRefusal } from './error.ts';

const mostTries = 4;
const longestWaitSeconds = 60;

/**
 * Asks again, a few times, where an answer may change soon: after the time that Graph names, or with a growing pause.
 * @returns the answer that stands; undefined when none came
 * @throws the signal's reason when aborted
 */
export async function askPatiently(
  graph: GraphClient,
  clock: Clock,
  request: GraphRequest,
): Promise<GraphAnswer | undefined> {
  for (let attempt = 1; ; attempt++) {
    const answer = await graph.send(request);
    const refusal = answer && answer.status !== 200 ? readMailboxRefusal(answer, clock.now()) : undefined;
    const waitSeconds =
      answer === undefined || refusal?.kind === 'unavailable'
        ? 2 ** (attempt - 1)
        : refusal?.kind === 'throttled'
          ? refusal.retryAfterSeconds
          : undefined;
    if (waitSeconds === undefined || attempt >= mostTries || waitSeconds > longestWaitSeconds) return answer;
    await clock.wait(waitSeconds * 1000, request.signal);
  }
}
