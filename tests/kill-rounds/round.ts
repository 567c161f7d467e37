import { setTimeout as wait } from 'node:timers/promises';
import { callAsAda, type ServiceProcess, startProcess } from '../support/service-process.ts';
import type { Aim } from './aims.ts';
import { brokenInvariants, lostWrites } from './invariants.ts';
import type { Place } from './place.ts';

export interface RoundResult {
  readonly aim: Aim;
  /** The step at which it was killed; undefined when it did not come that far and was killed at the end. */
  readonly killedAt: string | undefined;
  /** From the death of the process until the next one was ready, and until all work had ended. */
  readonly readySeconds: number;
  readonly recoverySeconds: number;
  /** One sentence for each invariant that does not hold. */
  readonly broken: readonly string[];
}

const longestRecoverySeconds = 30;

/**
 * Starts a process, lets it check an organization and synchronize a mailbox until it kills itself, starts the next one,
 * and says what is not as it must be afterwards.
 */
export async function runRound(place: Place, aim: Aim, round: number): Promise<RoundResult> {
  const acknowledged: string[] = [];
  // A check that changes nothing stores its results in another way, in which there is no such step.
  const changeConnection = aim.step === 'results.saving' || round % 2 === 0;
  await using first = startProcess({ ...place.environment, STOP_AT: `${aim.step}:${aim.count}` });
  const firstUrl = await first.ready().catch(() => undefined);
  if (firstUrl) {
    acknowledged.push(...(await startWork(place, firstUrl, { round, changeConnection })));
    const isGone = new AbortController();
    await Promise.race([first.ended, untilAllEnded(place, firstUrl, isGone.signal)]);
    isGone.abort();
  }
  const wasAlive = first.child.exitCode === null && first.child.signalCode === null;
  if (wasAlive) first.child.kill('SIGKILL');
  await first.ended;

  const killedAtMs = performance.now();
  const secondsSince = () => (performance.now() - killedAtMs) / 1000;
  await using second = startProcess(place.environment);
  const broken: string[] = [];
  try {
    const url = await second.ready();
    const readySeconds = secondsSince();
    await untilAllEnded(place, url, AbortSignal.timeout(4 * longestRecoverySeconds * 1000));
    const recoverySeconds = secondsSince();
    if (recoverySeconds > longestRecoverySeconds) broken.push(`I6 recovered in ${recoverySeconds.toFixed(1)} s only`);
    await stopInOrder(second, broken);
    broken.push(
      ...(await place.inspect(async (db) => [
        ...(await brokenInvariants(db)),
        ...(await lostWrites(db, acknowledged)),
      ])),
    );
    broken.push(...secretsIn(place, [first, second]));
    const killedAt = /stopped at (\S+)/.exec(first.output())?.[1];
    return { aim, killedAt, readySeconds, recoverySeconds, broken };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return {
      aim,
      killedAt: undefined,
      readySeconds: secondsSince(),
      recoverySeconds: secondsSince(),
      broken: [`I6 not ready again: ${cause.slice(0, 500)}`],
    };
  }
}

/** @returns ids of what the service acknowledged */
async function startWork(
  { sandbox, organizationId }: Place,
  url: string,
  { round, changeConnection }: { round: number; changeConnection: boolean },
): Promise<string[]> {
  const people = sandbox.tenant.people;
  const person = people[round % people.length];
  const answers = await Promise.allSettled([
    callAsAda(sandbox, url, 'POST', `/api/organizations/${organizationId}/connectivity-checks`, { changeConnection }),
    callAsAda(sandbox, url, 'POST', `/api/users/${person?.id}/sync-sessions`, {}),
  ]);
  return answers.flatMap((answer) => {
    // A process that is gone answers nothing; the first rounds have nobody to synchronize yet.
    if (answer.status === 'rejected' || answer.value.status !== 202) return [];
    const body = answer.value.body as unknown as { id?: string; check?: { id: string } };
    return [body.check?.id ?? body.id ?? ''].filter(Boolean);
  });
}

/** Resolves when no check and no forced session waits or runs; or when it is told to stop looking. */
async function untilAllEnded({ sandbox }: Place, url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { body } = await callAsAda(sandbox, url, 'GET', '/api/connectivity-checks?limit=5').catch(() => ({
      body: {},
    }));
    const { checks } = body as unknown as { checks?: { state: string }[] };
    const isIdle = checks?.every(({ state }) => state === 'completed' || state === 'cancelled');
    if (isIdle && (await waitingJobs(url)) === 0) return;
    await wait(100);
  }
}

async function waitingJobs(url: string): Promise<number | undefined> {
  const answer = await fetch(`${url}/metrics`).catch(() => undefined);
  const count = /^mailbox_access_queue_depth (\d+)$/m.exec((await answer?.text()) ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

async function stopInOrder(service: ServiceProcess, broken: string[]): Promise<void> {
  service.child.kill('SIGTERM');
  const code = await service.ended;
  if (code !== 0) broken.push(`I6 it did not stop in order: ${code}`);
}

function secretsIn({ sandbox }: Place, processes: readonly ServiceProcess[]): string[] {
  const output = processes.map((one) => one.output()).join('');
  const secrets = sandbox.registration.secrets.map(({ value }) => value);
  const isTold = output.includes('eyJ') || secrets.some((secret) => output.includes(secret));
  return isTold ? ['I4 a token or secret in the output'] : [];
}
