import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Tenant } from '../../src/sandbox/tenant/tenant.ts';
import { asNewUser, mailboxPermissions } from '../support/bench.ts';
import { startPostgres } from '../support/postgres.ts';
import { callAsAdaOf, processEnvironment, startProcess, temporaryFolder } from '../support/service-process.ts';

// `npm run scale-out`: eight tenants on one PostgreSQL server, checked by 1, 2 and 4 workers against the same latency and
// the same ceiling of each tenant. Then one tenant beside a noisy one. Linux only: memory is read from /proc.

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '8' },
    mailboxes: { type: 'string', default: '300' },
    /** Requests per second that each tenant allows; a mailbox takes three. */
    ceiling: { type: 'string', default: '60' },
    workers: { type: 'string', default: '1,2,4' },
    runsAtOnce: { type: 'string', default: '2' },
  },
});
const mailboxes = Number(values.mailboxes);
const requestsPerMailbox = 3;
const noisyRuns = 6;

const sandbox = await startSandbox({
  settings: {
    graphLatencyMs: 80,
    throttle: { requestsPerSecond: Number(values.ceiling), burst: 20, retryAfterSeconds: 1 },
  },
});
const tenants = Array.from({ length: Number(values.tenants) }, (_, index) => {
  const name = `tenant${index + 1}`;
  const tenant = sandbox.addTenant({
    id: crypto.randomUUID(),
    displayName: name,
    domain: `${name}.example`,
    people: mailboxes,
  });
  const { appId } = tenant.grants.addApplication();
  tenant.grants.grantScopes(appId, appId, [sandbox.registration.scope.value], null);
  tenant.grants.grant(...mailboxPermissions);
  return tenant;
});
const server = await startPostgres();

interface Run {
  readonly tenant: Tenant;
  readonly organizationId: string;
}

/** Checks each of the tenants at once, as so many organizations; in the order given. */
async function measure(workers: number, checked: readonly { tenant: Tenant; organizations: number }[]) {
  using folder = temporaryFolder();
  const url = await server.createDatabase();
  const environment = processEnvironment(sandbox, folder.path, {
    DATABASE_URL: url,
    RUNS_AT_ONCE: values.runsAtOnce ?? '2',
    LOG_LEVEL: 'error',
  });
  await using web = startProcess({ ...environment, ROLES: 'web', LOG_LEVEL: 'info' });
  const webUrl = await web.ready();
  const processes = Array.from({ length: workers }, () =>
    startProcess({ ...environment, ROLES: 'worker', LOG_LEVEL: 'info' }),
  );
  await Promise.all(processes.map((one) => one.ready()));
  const call = (tenant: Tenant, path: string, body: unknown) =>
    callAsAdaOf(sandbox, tenant, webUrl, 'POST', path, body);
  const runs: Run[] = [];
  for (const { tenant, organizations } of checked) {
    const size = Math.ceil(mailboxes / organizations);
    for (let start = 0; start < mailboxes; start += size) {
      const created = await call(tenant, '/api/organizations', {
        name: `Office ${start}`,
        externalId: `office-${start}`,
      });
      const { id } = created.body as unknown as { id: string };
      const users = tenant.people.slice(start, Math.min(start + size, mailboxes)).map(asNewUser);
      await call(tenant, `/api/organizations/${id}/users`, { users });
      runs.push({ tenant, organizationId: id });
    }
  }
  sandbox.requests.clear();
  const startedAtMs = Date.now();
  for (const { tenant, organizationId } of runs)
    await call(tenant, `/api/organizations/${organizationId}/connectivity-checks`, {});

  const client = new Client({ connectionString: url });
  await client.connect();
  let mostConnections = 0;
  for (;;) {
    const { rows } = await client.query(`select count(*) filter (where finished_at is null)::int as open,
      (select count(*)::int from pg_stat_activity where datname = current_database()) as connections from checks`);
    mostConnections = Math.max(mostConnections, rows[0].connections - 1);
    if (rows[0].open === 0) break;
    await wait(200);
  }
  const { rows } = await client.query(`select tenant_id as tenant, state, total,
    (select count(*)::int from check_results r where r.check_id = c.id) as results,
    extract(epoch from finished_at)::float8 as "endedAt" from checks c`);
  const { rows: sizes } = await client.query(`select
    (select sum(pg_total_relation_size(t::regclass)) from unnest(array['check_results', 'check_tallies']) t)::float8 as results,
    (select sum(pg_total_relation_size(t::regclass))
      from unnest(array['users', 'mailbox_access', 'mailbox_syncs', 'sync_errors']) t)::float8 as mailboxes`);
  await client.end();
  const memory = processes.map((one) => residentMegabytes(one.pid));
  for (const one of processes) one.child.kill('SIGTERM');
  const asked = sandbox.requests.all.filter(
    ({ inBatch, path, status }) => inBatch && status !== 429 && path.endsWith('/mailFolders/inbox'),
  );
  const seconds = rows.map(({ endedAt }) => endedAt - startedAtMs / 1000);
  const total = rows.reduce((sum, { results }) => sum + results, 0);
  return {
    seconds: Math.max(...seconds),
    secondsOf: ({ id }: Tenant) => Math.max(...seconds.filter((_, index) => rows[index].tenant === id)),
    fastest: Math.min(...seconds),
    perSecond: total / Math.max(...seconds),
    isWhole: rows.every(({ state, results, total: covered }) => state === 'completed' && results === covered),
    askedTwice: asked.length - new Set(asked.map(({ path }) => path)).size,
    mostConnections,
    bytesPerResult: sizes[0].results / total,
    bytesPerMailbox: sizes[0].mailboxes / total,
    mostMegabytes: Math.max(...memory),
  };
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes ?? 0) / 1024);
}

const perTenant = Number(values.ceiling) / requestsPerMailbox;
console.log(
  `${tenants.length} tenants, ${mailboxes} mailboxes each, at most ${perTenant.toFixed(0)} mailboxes/s of a tenant, ` +
    `${values.runsAtOnce} runs at once per worker, load of this machine ${loadavg()[0]?.toFixed(1)}`,
);
let isWhole = true;
for (const workers of (values.workers ?? '').split(',').map(Number)) {
  const result = await measure(
    workers,
    tenants.map((tenant) => ({ tenant, organizations: 1 })),
  );
  isWhole &&= result.isWhole && result.askedTwice === 0;
  console.log(
    `${workers} worker(s): ${result.perSecond.toFixed(0)} mailboxes/s, all in ${result.seconds.toFixed(1)} s ` +
      `(first tenant ${result.fastest.toFixed(1)} s), asked twice ${result.askedTwice}, ` +
      `${result.isWhole ? 'every run whole' : 'NOT WHOLE'}, ${result.mostMegabytes} MB the largest worker, ` +
      `${result.mostConnections} connections of all processes, ` +
      `${result.bytesPerMailbox.toFixed(0)} bytes per mailbox and ${result.bytesPerResult.toFixed(0)} per result, load ${loadavg()[0]?.toFixed(1)}`,
  );
}

const [noisy, other] = tenants;
if (noisy && other) {
  const quiet = { tenant: other, organizations: 1 };
  const alone = await measure(1, [quiet]);
  const beside = await measure(1, [{ tenant: noisy, organizations: noisyRuns }, quiet]);
  isWhole &&= [alone, beside].every((result) => result.isWhole && result.askedTwice === 0);
  const [aloneSeconds, besideSeconds] = [alone.secondsOf(other), beside.secondsOf(other)];
  console.log(
    `1 worker, a tenant alone: ${aloneSeconds.toFixed(1)} s; behind ${noisyRuns} runs of a noisy one: ` +
      `${besideSeconds.toFixed(1)} s, ${(besideSeconds / aloneSeconds).toFixed(2)} times as long`,
  );
}
await server[Symbol.asyncDispose]();
await sandbox.close();
process.exitCode = isWhole ? 0 : 1;
