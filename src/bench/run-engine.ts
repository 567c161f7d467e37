import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectivityCheck } from '../contract/mailbox-connectivity.ts';
import type { OrganizationId } from '../domain/ids.ts';
import type { LearntRate } from '../service/graph/pacer.ts';
import { type Ask, askAs } from './ask.ts';
import { type Child, startChild } from './child.ts';
import type { Engine } from './engine.process.ts';
import type { ListsBeside } from './lists-beside.process.ts';
import { type Measurement, measurementOf } from './measurement.ts';
import { type Scenario, warmUpChecks } from './scenario.ts';
import type { GraphToMeasure } from './simulated-graph.ts';

const pollEveryMs = 500;

/** A data directory with an organization in it; each run starts the service anew on it. */
export interface EngineToMeasure {
  /** Checks the organization once, with what is known of the tenant's rate: `learnt`, or what the run before left. */
  run(client: 'engine-cold' | 'engine-remembered', learnt?: LearntRate): Promise<Measurement>;
  /** What its runs learnt. */
  learnt(): Promise<LearntRate | undefined>;
}

export async function prepareEngine(
  scenario: Scenario,
  mailboxes: number,
  simulated: GraphToMeasure,
): Promise<EngineToMeasure> {
  const { graph, people, warmUpPeople } = simulated;
  const environment = {
    ...simulated.environment,
    DATA_DIR: join(simulated.directory, crypto.randomUUID()),
    LOG_LEVEL: 'error',
  };
  const measured = { people: people.slice(0, mailboxes) };
  const [organizationId, warmUpId] = await addOrganizations(environment, measured, {
    people: warmUpPeople,
    isWarmUp: true,
  });

  return {
    async learnt() {
      await using engine = startChild<Engine>('./engine.process.ts', environment);
      // Awaited here: the process ends with this function.
      return await engine.ask('learnt', undefined as never);
    },
    async run(client, learnt) {
      await using engine = startChild<Engine>('./engine.process.ts', environment);
      await using lists = startChild<ListsBeside>('./lists-beside.process.ts');
      if (learnt) await engine.ask('remember', learnt);
      const origin = `http://127.0.0.1:${await engine.ask('port', undefined as never)}`;
      await graph.ask('answerLike', { name: 'warm-up', latencyMs: 0 });
      const askInWarmUp = askAs(await graph.ask('signInToWarmUp', undefined as never), origin);
      for (let time = 0; time < warmUpChecks; time++) await checkOf(askInWarmUp, warmUpId);
      await engine.ask('keepUp', undefined as never);
      await graph.ask('answerLike', scenario);
      const token = await graph.ask('signIn', undefined as never);
      const path = `/api/users?organizationId=${organizationId}&limit=100`;
      await lists.ask('start', { origin, token, path });
      const before = await graph.ask('counts', undefined as never);
      await engine.ask('startUsage', undefined as never);

      const done = await checkOf(askAs(token, origin), organizationId);
      const listTimesMs = await lists.ask('stop', undefined as never);

      const used = await engine.ask('usage', undefined as never);
      const after = await graph.ask('counts', undefined as never);
      if (done.done < mailboxes) throw new Error(`The run ended as ${done.state} with ${done.done} of ${mailboxes}`);
      return measurementOf(
        scenario,
        client,
        {
          mailboxes: done.done,
          seconds: secondsOf(done),
          ...used,
          requests: after.requests - before.requests,
          throttled: after.throttled - before.throttled,
        },
        listTimesMs,
      );
    },
  };
}

async function addOrganizations(
  environment: NodeJS.ProcessEnv,
  ...organizations: Parameters<Engine['addOrganization']>[0][]
): Promise<[OrganizationId, OrganizationId]> {
  await using engine: Child<Engine> = startChild<Engine>('./engine.process.ts', environment);
  const ids: OrganizationId[] = [];
  for (const organization of organizations) ids.push(await engine.ask('addOrganization', organization));
  await engine.ask('keepUp', undefined as never);
  return ids as [OrganizationId, OrganizationId];
}

/** From the moment a worker took the run to the moment its last result was stored. */
function secondsOf({ startedAt, finishedAt }: ConnectivityCheck): number {
  return (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
}

/** Checks an organization; nothing but verdicts changes. */
async function checkOf(ask: Ask, organizationId: OrganizationId): Promise<ConnectivityCheck> {
  const started = await ask<{ check: ConnectivityCheck }>(`/api/organizations/${organizationId}/connectivity-checks`, {
    changeConnection: false,
  });
  return untilDone(ask, started.check.id);
}

async function untilDone(ask: Ask, checkId: string): Promise<ConnectivityCheck> {
  for (;;) {
    const check = await ask<ConnectivityCheck>(`/api/connectivity-checks/${checkId}`);
    if (check.finishedAt) return check;
    await sleep(pollEveryMs);
  }
}
