import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { exchangeOnlineAppId, graphAppId } from '../tenant/permissions.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { registrationOf, type World } from '../world.ts';
import { exchangeBody, faultBody, grantsBody, mailboxBody, personBody, settingsBody } from './bodies.ts';
import { changeExchange, exchangeStateOf } from './exchange.ts';

/** Control from outside the process: `/_sandbox/…`, JSON, no authentication. Nothing here exists in Microsoft 365. */
export function controlRoutes(world: World): Hono {
  const routes = new Hono().basePath('/_sandbox');
  const home = () => world.tenants.get(world.registration.homeTenantId) as Tenant;

  routes.get('/state', (context) => context.json(stateOf(world, home())));

  routes.post('/clock/advance', async (context) => {
    const body = await read(context, z.strictObject({ milliseconds: z.int() }));
    if (body instanceof Response) return body;
    world.clock.advance(body.milliseconds);
    return context.json({ now: world.clock.now() });
  });

  routes.post('/faults', async (context) => {
    const body = await read(context, faultBody);
    if (body instanceof Response) return body;
    world.faults.add(body);
    return context.json({}, 201);
  });
  routes.delete('/faults', (context) => {
    world.faults.clear();
    return context.body(null, 204);
  });

  routes.get('/requests', (context) => {
    const { unknown, all } = world.requests;
    const path = context.req.query('path') ?? '';
    return context.json({ unknown, requests: all.filter((request) => request.path.startsWith(path)) });
  });
  routes.delete('/requests', (context) => {
    world.requests.clear();
    return context.body(null, 204);
  });

  routes.post('/grants', async (context) => {
    const body = await read(context, grantsBody);
    if (body instanceof Response) return body;
    const { grants } = home();
    const registration = body.clientId === undefined ? world.registration : registrationOf(world, body.clientId);
    if (!registration) return context.json({ error: `There is no application ${body.clientId}.` }, 404);
    if (body.servicePrincipal === 'deleted') grants.deleteApplication(registration);
    else if (body.servicePrincipal) {
      grants.addApplication(undefined, registration).accountEnabled = body.servicePrincipal === 'enabled';
    }
    if (body.grant) grants.grantTo(registration, ...body.grant);
    if (body.revoke) grants.revokeRolesOf(registration, ...body.revoke);
    if (body.delegatedScopes === 'revoked') grants.revokeScopes();
    if (body.grantExchange) grants.grantFor(exchangeOnlineAppId, ...body.grantExchange);
    if (body.grantExchangeScopes) {
      grants.grantScopes(grants.addApplication().appId, exchangeOnlineAppId, body.grantExchangeScopes, null);
    }
    if (body.directoryRoles) grants.addApplication().directoryRoles = body.directoryRoles;
    return context.json(stateOf(world, home()).application);
  });

  routes.get('/exchange', (context) => context.json(exchangeStateOf(home())));
  routes.post('/exchange', async (context) => {
    const body = await read(context, exchangeBody);
    if (body instanceof Response) return body;
    const missing = changeExchange(home(), body);
    return missing
      ? context.json({ error: `There is no ${missing} in Exchange.` }, 404)
      : context.json(exchangeStateOf(home()));
  });

  routes.post('/people', async (context) => {
    const body = await read(context, personBody);
    if (body instanceof Response) return body;
    const { id, licences, mailboxState, deleted, ...changes } = body;
    const tenant = home();
    if (!tenant.find(id)) return context.json({ error: `There is nobody called ${id}.` }, 404);
    if (licences) tenant.setLicences(id, licences);
    if (mailboxState) tenant.setMailboxState(id, mailboxState);
    if (deleted === true) tenant.softDelete(id);
    if (deleted === false) tenant.restore(id);
    return context.json(tenant.change(id, changes));
  });

  routes.post('/mailboxes', async (context) => {
    const body = await read(context, mailboxBody);
    if (body instanceof Response) return body;
    if (!home().find(body.id)) return context.json({ error: `There is nobody called ${body.id}.` }, 404);
    const mailbox = home().mailbox(body.id);
    for (const message of body.deliver ?? []) mailbox.deliver(message);
    if (body.forgetSyncStates) mailbox.forgetSyncStates();
    return context.json({ messages: mailbox.messages.filter((message) => !message.removed).length });
  });

  routes.post('/settings', async (context) => {
    const body = await read(context, settingsBody);
    if (body instanceof Response) return body;
    const { throttle, ...changes } = body;
    Object.assign(world.settings, changes);
    // `null` switches throttling off; JSON has no word for absent.
    if (throttle !== undefined) world.settings.throttle = throttle ?? undefined;
    return context.json(world.settings);
  });

  routes.post('/keys/rotate', async (context) => {
    const body = await read(context, z.strictObject({ withdrawOld: z.boolean().optional() }));
    if (body instanceof Response) return body;
    await world.keys.rotate();
    if (body.withdrawOld) world.keys.withdrawOld();
    return context.json({ kid: world.keys.current.kid });
  });
  return routes;
}

function stateOf(world: World, tenant: Tenant) {
  const { grants } = tenant;
  const { application } = grants;
  const assigned = application ? grants.assignmentsOf(application.id) : [];
  return {
    url: world.url,
    origins: world.origins,
    now: world.clock.now(),
    tenant: {
      id: tenant.id,
      displayName: tenant.displayName,
      domain: tenant.domain,
      people: tenant.people.length,
      groups: tenant.groups.size,
    },
    application: {
      clientId: world.registration.clientId,
      servicePrincipal: application ? (application.accountEnabled ? 'enabled' : 'disabled') : 'absent',
      granted: assigned.flatMap((assignment) => grants.valueOf(graphAppId, assignment.appRoleId) ?? []),
    },
    settings: world.settings,
    unknown: world.requests.unknown,
  };
}

/** The body of a request, or the answer to a wrong one. */
async function read<T>(context: Context, schema: z.ZodType<T>): Promise<T | Response> {
  const json: unknown = await context.req.json().catch(() => undefined);
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : context.json({ error: z.prettifyError(parsed.error) }, 400);
}
