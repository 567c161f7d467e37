import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openDatabase } from '../../src/service/db/database.ts';
import { brokenInvariants } from '../kill-rounds/invariants.ts';
import { asNewUser } from '../support/bench.ts';
import { prepareDataDirectory } from '../support/database-dump.ts';
import { callAsAda, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

export interface SnapshotResult {
  /** Results of the check under way that were acknowledged, and those that the snapshot holds. */
  readonly acknowledged: number;
  readonly held: number;
  /** Until the copy was open. */
  readonly openSeconds: number;
  /** One sentence for each thing that is not as it must be. */
  readonly broken: readonly string[];
}

/** A service whose data directory is copied while it writes. */
export interface Snapshots extends AsyncDisposable {
  /** Takes one in the middle of a check and of an organization that is being created, opens it, and judges it. */
  take(): Promise<SnapshotResult>;
}

interface Acknowledged {
  readonly organizations: readonly string[];
  readonly checkId: string;
  readonly results: number;
}

/** As often as the service lets one admin ask. */
const lookEveryMs = 25;
/** Nobody waits for the judge. */
const judgeDeadlineMs = 600_000;
/** Of a moment in the middle of work this holds for nobody. */
const onlyAfterwards = ['I2 a run that has not ended', 'I2 a sync session that has not ended'];

export async function startSnapshots(sandbox: Sandbox): Promise<Snapshots> {
  const folder = temporaryFolder();
  const directory = join(folder.path, 'data');
  await prepareDataDirectory(directory);
  const service = startProcess(processEnvironment(sandbox, folder.path));
  const url = await service.ready();
  const people = sandbox.tenant.people.length;
  const organizations: string[] = [];
  let taken = 0;

  const call = (method: 'GET' | 'POST', path: string, body?: unknown) =>
    callAsAda(sandbox, url, method, path, body) as Promise<{ status: number; body: unknown }>;

  async function createOrganization(name: string): Promise<string> {
    const { status, body } = await call('POST', '/api/organizations', { name, externalId: name.replaceAll(' ', '-') });
    if (status !== 201) throw new Error(`not created: ${JSON.stringify(body)}`);
    organizations.push(name);
    return (body as { id: string }).id;
  }

  const checked = await createOrganization('checked');
  await call('POST', `/api/organizations/${checked}/users`, { users: sandbox.tenant.people.map(asNewUser) });

  /** Joins the check under way or starts the next one, and goes along until it has come so far. */
  async function checkAsFarAs(least: number) {
    const started = await call('POST', `/api/organizations/${checked}/connectivity-checks`, {});
    const { id } = (started.body as { check: { id: string } }).check;
    for (;;) {
      const { done } = (await call('GET', `/api/connectivity-checks/${id}`)).body as { done: number };
      if (done >= least) return { checkId: id, results: done };
      await wait(lookEveryMs);
    }
  }

  function copyInOneMoment(to: string): void {
    service.child.kill('SIGSTOP');
    while (stateOf(service.pid) !== 'T');
    cpSync(join(directory, 'database'), join(to, 'database'), { recursive: true });
    service.child.kill('SIGCONT');
  }

  return {
    async take() {
      taken += 1;
      const copy = join(folder.path, 'copy');
      // Now here, now there in the check.
      const check = await checkAsFarAs(1 + ((taken * 37) % people));
      await createOrganization(`acknowledged ${taken}`);
      const acknowledged = { ...check, organizations: [...organizations] };
      const underWay = createOrganization(`under way ${taken}`);
      copyInOneMoment(copy);
      await underWay;
      try {
        return await judge(copy, acknowledged, people);
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

async function judge(directory: string, acknowledged: Acknowledged, people: number): Promise<SnapshotResult> {
  const openingAtMs = performance.now();
  const options = { onFault() {}, queryDeadlineMs: judgeDeadlineMs };
  const database = await openDatabase({ kind: 'embedded', directory }, options);
  const openSeconds = (performance.now() - openingAtMs) / 1000;
  const { rows } = await sql<{ lost: string[]; held: number; users: number }>`
    select
      array(select name from unnest(${[...acknowledged.organizations]}::text[]) as a (name)
        where not exists (select from organizations o where o.name = a.name)) as lost,
      (select count(*) from check_results where check_id = ${acknowledged.checkId}) as held,
      (select count(*) from users) as users
  `.execute(database.db);
  const invariants = await brokenInvariants(database.db);
  await database.close();
  const { lost = [], held = 0, users = 0 } = rows[0] ?? {};
  const broken = invariants.filter((one) => !onlyAfterwards.some((name) => one.startsWith(name)));
  if (lost.length > 0) broken.push(`acknowledged, but not there: ${lost.join(', ')}`);
  if (held < acknowledged.results) broken.push(`${acknowledged.results} results were acknowledged, ${held} are there`);
  if (users !== people) broken.push(`${users} of ${people} users are there`);
  return { acknowledged: acknowledged.results, held, openSeconds, broken };
}

/** `T` for a process that stands still. */
function stateOf(pid: number): string {
  return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .charAt(0);
}
