import { sql } from 'kysely';
import { api } from '../../src/contract/api.ts';
import type { Answer, Endpoint, Request } from '../../src/contract/endpoint.ts';
import { type Problem, problem } from '../../src/contract/errors.ts';
import { addUsers } from '../../src/contract/users.ts';
import type { OrganizationId, UserId } from '../../src/domain/ids.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Person } from '../../src/sandbox/tenant/person.ts';
import { readConfig } from '../../src/service/config.ts';
import { type Database, type DatabaseSource, openDatabase } from '../../src/service/db/database.ts';
import { createLogger } from '../../src/service/log.ts';
import { createService, type Service, type ServiceDependencies } from '../../src/service/service.ts';
import { databaseDump } from './database-dump.ts';
import { validateRequest } from './graph-openapi.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export interface BenchOptions {
  readonly sandbox?: SandboxOptions;
  /** Application permissions granted before the test begins; none unless given. */
  readonly granted?: readonly string[];
  /** Environment variables over the ones that point to the sandbox. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly service?: ServiceDependencies;
  /** A database of its own; otherwise the benches of a test file share one, emptied for each. */
  readonly database?: DatabaseSource;
  /** Tenants onboarded beside Contoso. */
  readonly tenants?: readonly { readonly id: string; readonly displayName: string; readonly domain: string }[];
}

/** An answer that was not 2xx. */
export class ProblemAnswer extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Headers;

  constructor(status: number, body: Problem, headers: Headers) {
    super(`${status} ${body.code}: ${JSON.stringify(body.details ?? {})}`);
    this.status = status;
    this.problem = body;
    this.headers = headers;
  }
}

export interface TestAdmin {
  readonly userId: UserId;
  readonly token: string;
  /** @throws ProblemAnswer */
  call<E extends Endpoint>(endpoint: E, request?: Partial<Request<E>>): Promise<Answer<E>>;
  /** The raw response. An endpoint that takes a file gets `body` as it is. */
  send(endpoint: Endpoint, request?: { params?: unknown; query?: unknown; body?: unknown }): Promise<Response>;
}

export interface Bench extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly service: Service;
  readonly clock: TestClock;
  readonly queue: Service['queue'];
  readonly tenantId: string;
  /** Lines the service logged. */
  readonly log: string[];
  /** Somebody of any tenant, by user principal name or object id. */
  signIn(person: string): TestAdmin;
  /** Where it listens on 127.0.0.1, for tests of the wire. */
  address(): Promise<{ port: number }>;
  /** A fetch against the service without a network. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** An organization with Graph app-only access and these people in it. */
  organizationWith(admin: TestAdmin, people: readonly Person[], name?: string): Promise<OrganizationId>;
}

export const mailboxPermissions = ['Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read', 'MailboxSettings.Read'];

/** Starts the simulated tenant and the service against it, on a database in memory. */
export async function startBench(options: BenchOptions = {}): Promise<Bench> {
  const clock = createTestClock();
  const sandbox = await startSandbox({ clock: clock.sandbox, ...options.sandbox });
  for (const tenant of options.tenants ?? []) {
    const { grants } = sandbox.addTenant(tenant);
    const { appId } = grants.addApplication();
    grants.grantScopes(appId, appId, [sandbox.registration.scope.value], null);
  }
  if (options.granted?.length) sandbox.tenant.grants.grant(...options.granted);

  const result = readConfig(environmentOf(sandbox, options.environment));
  if (!result.ok) throw new Error(result.faults.join('\n'));
  const log: string[] = [];
  const service = await createService(result.config, {
    clock,
    trustedCa: sandbox.certificateAuthority.certificate,
    logger: createLogger('info', { write: (line) => log.push(line) }),
    database: options.database ?? (await emptyDatabase()),
    // Tests say when; their clock jumps.
    syncSweepSeconds: 0,
    ...options.service,
  });
  const started = await service.start();

  let organizationCount = 0;
  function signIn(name: string): TestAdmin {
    const person = [...sandbox.tenants.values()].map((tenant) => tenant.find(name)).find((found) => found);
    if (!person) throw new Error(`There is nobody called ${name}.`);
    return adminWith(service, person.id as UserId, () => sandbox.signIn(person.id));
  }

  return {
    sandbox,
    service,
    clock,
    // Jobs that start later are part of what is to be done: the clock moves on to each.
    queue: { ...service.queue, drain: () => service.queue.drain((ms) => clock.wait(ms)) },
    tenantId: sandbox.tenant.id,
    log,
    signIn,
    address: async () => ({ port: started.port ?? 0 }),
    fetch: async (path, init) => service.app.request(path, init),
    async organizationWith(admin, people, name = `Head office ${++organizationCount}`) {
      const { id } = await admin.call(api.createOrganization, {
        body: { name, externalId: name.toLowerCase().replaceAll(' ', '-') },
      });
      for (let start = 0; start < people.length; start += 1000) {
        const users = people.slice(start, start + 1000).map(asNewUser);
        await admin.call(addUsers, { params: { organizationId: id }, body: { users } });
      }
      return id;
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
      await sandbox.close();
      judgeRequests(sandbox);
    },
  };
}

let shared: Promise<Database> | undefined;

/** Opening a database takes longer than all the rest of a test. */
async function emptyDatabase(): Promise<Database> {
  shared ??= databaseDump().then((dump) => openDatabase({ kind: 'memory', dump }, { onFault() {} }));
  const database = await shared;
  await sql`truncate organizations, check_results, activities, ews_readings, directory_mailboxes, directory_readings, exchange_readings, scope_changes,
    mailbox_scopes, scope_proofs, user_command_runs, saved_views, scope_drifts, drift_looks, sync_rounds, tenant_rates, known_registrations, assignment_directories, assignment_looks, assignment_people, assignment_groups,
    assignment_runs, pgboss.job cascade`.execute(database.db);
  return database;
}

/**
 * Every request of the product to Microsoft Graph, judged by Microsoft's own description.
 * @throws with the operation and what is wrong with it
 */
function judgeRequests({ requests }: Sandbox): void {
  const asked = requests.all
    .filter(({ service, path }) => service === 'graph' && !path.endsWith('/$batch'))
    // Links that Graph wrote are used as they are.
    .filter(({ query }) => !('$skiptoken' in query) && !('$deltatoken' in query))
    .map(({ method, path, query }) => `${method} ${path}?${new URLSearchParams(query)}`);
  const problems = [...new Set(asked)].flatMap((request) => {
    const [method = '', url = ''] = request.split(' ', 2);
    // Without its header an advanced query is refused by the tenant itself.
    return validateRequest(method, url, { consistencylevel: 'eventual' });
  });
  const found = [...new Set([...requests.unknown, ...problems])];
  if (found.length > 0) throw new Error(`Microsoft Graph does not know this:\n${found.join('\n')}`);
}

/** The environment of a service that works against this sandbox. */
export function environmentOf(sandbox: Sandbox, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    AUTHORITY_HOST: sandbox.origins.authority,
    GRAPH_ENDPOINT: sandbox.origins.graph,
    EXCHANGE_ENDPOINT: sandbox.origins.exchange,
    TEAMS_ORIGINS: sandbox.origins.teams,
    TENANT_ID: [...sandbox.tenants.keys()].join(','),
    CLIENT_ID: sandbox.registration.clientId,
    CLIENT_SECRET: sandbox.registration.secrets[0]?.value ?? '',
    PUBLIC_URL: sandbox.registration.tabOrigin,
    PORT: '0',
    // A timer of real minutes has no place beside a clock that jumps.
    RECHECK_MINUTES: '0',
    ...more,
  };
}

/** A person of the directory as the tab sends them. */
export function asNewUser(person: Person) {
  return {
    id: person.id as UserId,
    displayName: person.displayName,
    userPrincipalName: person.userPrincipalName,
    mail: person.mail,
  };
}

function adminWith(service: Service, userId: UserId, tokenOf: () => string): TestAdmin {
  let token = tokenOf();

  async function send(endpoint: Endpoint, request: { params?: unknown; query?: unknown; body?: unknown } = {}) {
    const init = {
      method: endpoint.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(endpoint.body || endpoint.upload ? { 'content-type': endpoint.upload ?? 'application/json' } : {}),
      },
      ...(endpoint.body ? { body: JSON.stringify(request.body ?? {}) } : {}),
      // A file goes as it is, a stream as it comes.
      ...(endpoint.upload ? { body: (request.body ?? '') as BodyInit, duplex: 'half' } : {}),
    };
    const response = await service.app.request(addressOf(endpoint, request), init);
    if (response.status !== 401) return response;
    // A test that moves the clock outlives its token; the tab gets a new one too.
    token = tokenOf();
    return service.app.request(addressOf(endpoint, request), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
    });
  }

  return {
    userId,
    get token() {
      return token;
    },
    send,
    async call<E extends Endpoint>(endpoint: E, request: Partial<Request<E>> = {}) {
      const response = await send(endpoint, request);
      if (!response.ok)
        throw new ProblemAnswer(response.status, problem.parse(await response.json()), response.headers);
      if (!endpoint.response) return undefined as Answer<E>;
      return endpoint.response.parse(await response.json()) as Answer<E>;
    },
  };
}

/** The address of an endpoint with its parameters filled in. */
export function addressOf(endpoint: Endpoint, { params, query }: { params?: unknown; query?: unknown } = {}): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_all, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown> | undefined)?.[name] ?? '')),
  );
  const entries = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(entries.map(([name, value]) => [name, String(value)]));
  return search.size > 0 ? `${path}?${search}` : path;
}
