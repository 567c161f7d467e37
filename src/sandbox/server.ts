import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { makeCertificateAuthority, makeServerCertificate } from './certificates.ts';
import { startClock } from './clock.ts';
import { controlRoutes } from './control/routes.ts';
import { issueDelegatedTokens } from './entra/delegated-tokens.ts';
import { entraRoutes } from './entra/routes.ts';
import { SigningKeys } from './entra/signing-keys.ts';
import { exchangeRoutes } from './exchange/gateway.ts';
import { injectFault } from './fault-injection.ts';
import { Faults } from './faults.ts';
import { graphRoutes } from './graph/routes.ts';
import { loggableQuery, RequestLog } from './request-log.ts';
import type { Sandbox, SandboxOptions } from './sandbox.ts';
import { defaultSettings } from './settings.ts';
import { teamsHost } from './teams-desk.ts';
import { graphAppId } from './tenant/permissions.ts';
import { defaultRegistration, defaultTenant, makeRegistration } from './tenant/registration.ts';
import { seedTenant } from './tenant/seed.ts';
import { Tenant } from './tenant/tenant.ts';
import type { Origins, World } from './world.ts';

/**
 * Starts a simulated tenant: one HTTPS server that answers as Entra, Microsoft Graph and the Teams host.
 * Several may run in one process.
 * @throws EADDRINUSE when the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = options.host ?? 'localhost';
  const authority = options.certificateAuthority ?? (await makeCertificateAuthority());
  const hosts = [host, 'localhost', '127.0.0.1', '::1', ...hostsOf(options.origins), ...(options.hosts ?? [])];
  const [certificate, keys] = await Promise.all([makeServerCertificate(authority, hosts), SigningKeys.create()]);

  // The address is known only once the server listens, and what it answers depends on the address.
  const server = createServer({ cert: certificate.certificate, key: certificate.key });
  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  const url = `https://${host}:${port}`;

  const world = makeWorld(options, url, keys);
  const tenant = addTenant(world, {
    id: world.registration.homeTenantId,
    displayName: defaultTenant.displayName,
    domain: defaultTenant.domain,
    people: options.people ?? 0,
  });
  if (options.applicationInTenant ?? true) registerInTenant(world, tenant);

  const listener = getRequestListener(makeApp(world).fetch, { overrideGlobalObjects: false });
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', url);
    const method = incoming.method ?? 'GET';
    const fault = method === 'OPTIONS' || isControl(pathname) ? undefined : world.faults.take(method, pathname);
    if (fault && !(await injectFault(fault, incoming, outgoing))) {
      const service = serviceOf(pathname);
      const query = loggableQuery(searchParams);
      const status = fault.status ?? 0;
      world.requests.add({ service, method, path: pathname, query, status, inBatch: false, at: world.clock.now() });
      return;
    }
    await listener(incoming, outgoing);
  };
  server.on('request', (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      console.error(error);
      outgoing.destroy();
    });
  });

  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    ...world,
    port,
    certificateAuthority: authority,
    tenant,
    addTenant: (more) => addTenant(world, more),
    issueDelegatedTokens: (request) => issueDelegatedTokens(world, request),
    signIn(userId, { clientId = world.registration.clientId } = {}) {
      const scopes = `${world.registration.appIdUri}/${world.registration.scope.value}`;
      const issued = issueDelegatedTokens(world, { userId, clientId, scopes });
      if ('error' in issued) throw new Error(issued.description);
      return issued.accessToken;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function makeWorld(options: SandboxOptions, url: string, keys: SigningKeys): World {
  const clock = options.clock ?? startClock();
  const registration = makeRegistration(options.registration ?? {}, clock.now());
  const { tabOrigin, homeTenantId: tenantId } = registration;
  const others = (options.registrations ?? []).map((other) =>
    makeRegistration({ tabOrigin, tenantId, objectId: crypto.randomUUID(), ...other }, clock.now()),
  );
  return {
    url,
    origins: { authority: url, graph: url, exchange: url, teams: url, ...options.origins },
    clock,
    settings: { ...defaultSettings(), ...options.settings },
    registration,
    registrations: [registration, ...others],
    tenants: new Map(),
    keys,
    faults: new Faults(),
    requests: new RequestLog(),
  };
}

function addTenant(
  world: World,
  options: { id: string; displayName: string; domain: string; people?: number },
): Tenant {
  const tenant = new Tenant({
    ...options,
    clock: world.clock,
    registrations: world.registrations,
    propagationSeconds: () => world.settings.grantPropagationSeconds,
  });
  seedTenant(tenant, options.people ?? 0, world.clock);
  world.tenants.set(tenant.id, tenant);
  return tenant;
}

function registerInTenant({ registration }: World, { grants }: Tenant): void {
  const { appId } = grants.addApplication(defaultRegistration.servicePrincipalId);
  grants.grantScopes(appId, appId, [registration.scope.value], null);
  grants.grantScopes(appId, graphAppId, registration.requiredScopes, null);
}

function makeApp(world: World): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { pathname, searchParams } = new URL(context.req.url);
    const service = serviceOf(pathname);
    if (service === 'entra' && world.settings.entraLatencyMs > 0) await sleep(world.settings.entraLatencyMs);
    await next();
    // Graph keeps a log of its own: it knows the caller.
    if (service === 'graph' || isControl(pathname) || context.req.method === 'OPTIONS') return;
    world.requests.add({
      service,
      method: context.req.method,
      path: pathname,
      query: loggableQuery(searchParams),
      status: context.res.status,
      inBatch: false,
      at: world.clock.now(),
    });
  });

  app.route('/', graphRoutes(world));
  app.route('/', exchangeRoutes(world));
  app.route('/', controlRoutes(world));
  // Before Entra, whose `/:tenant/…` would take its paths.
  app.route('/', teamsHost(world));
  app.route('/', entraRoutes(world));

  app.notFound((context) => {
    const { pathname } = new URL(context.req.url);
    const message = `The simulated tenant does not know ${context.req.method} ${pathname}.`;
    world.requests.unknown.push(message);
    return context.json({ error: { code: 'NotSimulated', message } }, 501);
  });
  app.onError((error, context) => {
    console.error(error);
    return context.json(
      { error: { code: 'SandboxFailure', message: `The simulated tenant failed: ${error.message}` } },
      500,
    );
  });
  return app;
}

const isControl = (pathname: string) => pathname.startsWith('/_sandbox/');

function serviceOf(pathname: string) {
  if (/^\/(v1\.0|beta)\//.test(pathname)) return 'graph';
  if (/\/(oauth2|adminconsent|discovery|\.well-known)(\/|$)/.test(pathname)) return 'entra';
  return pathname === '/' || /^\/(l|_teams)\//.test(pathname) ? 'teams' : 'other';
}

const hostsOf = (origins: Partial<Origins> = {}) => Object.values(origins).map((origin) => new URL(origin).hostname);

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // By name it would listen on one of the two loopback addresses, whichever the resolver prefers.
    server.listen(port, host === 'localhost' ? '127.0.0.1' : host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
