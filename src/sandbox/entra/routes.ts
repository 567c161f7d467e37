import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { World } from '../world.ts';
import { adminConsent } from './admin-consent.ts';
import { authorize, type DialogRequest } from './authorize.ts';
import { keySet, metadata } from './discovery.ts';
import { EntraError, errorBody } from './entra-error.ts';
import { page } from './page.ts';
import { SignIns } from './sign-ins.ts';
import { answerTokenRequest, emptyTokenStore } from './token-endpoint.ts';

/** Entra: everything under the authority host. */
export function entraRoutes(world: World): Hono {
  const store = emptyTokenStore();
  const signIns = new SignIns();
  const routes = new Hono();

  const documents = {
    '/:tenant/v2.0/.well-known/openid-configuration': (tenant: string) => metadata(world, tenant, 'v2.0'),
    '/:tenant/.well-known/openid-configuration': (tenant: string) => metadata(world, tenant, 'v1'),
    '/:tenant/discovery/v2.0/keys': (tenant: string) => keySet(world, tenant),
    '/:tenant/discovery/keys': (tenant: string) => keySet(world, tenant),
  };
  for (const [path, document] of Object.entries(documents)) {
    routes.get(path, (context) => json(context, world, () => document(context.req.param('tenant') ?? '')));
  }

  routes.options('/:tenant/oauth2/v2.0/token', (context) => context.body(null, 204, preflight(context)));
  routes.post('/:tenant/oauth2/v2.0/token', async (context) => {
    if (!context.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
      return json(context, world, () => {
        throw new EntraError(
          900144,
          'invalid_request',
          "The request body must contain the following parameter: 'grant_type'.",
        );
      });
    }
    const form = new URLSearchParams(await context.req.text());
    const origin = context.req.header('origin');
    const tenantName = context.req.param('tenant');
    return json(context, world, () => answerTokenRequest({ world, store, tenantName, form, origin }), form);
  });

  const dialog = async (context: Context): Promise<DialogRequest> => ({
    world,
    store,
    signIns,
    tenantName: context.req.param('tenant') ?? '',
    query: new URL(context.req.url).searchParams,
    form: context.req.method === 'POST' ? new URLSearchParams(await context.req.text()) : undefined,
    cookie: context.req.header('cookie'),
  });
  routes.on(['GET', 'POST'], '/:tenant/oauth2/v2.0/authorize', async (context) => authorize(await dialog(context)));
  routes.on(['GET', 'POST'], '/:tenant/adminconsent', async (context) => adminConsent(await dialog(context), 'v1'));
  routes.on(['GET', 'POST'], '/:tenant/v2.0/adminconsent', async (context) =>
    adminConsent(await dialog(context), 'v2.0'),
  );

  routes.get('/:tenant/oauth2/v2.0/logout', async (context) => {
    const uri = context.req.query('post_logout_redirect_uri');
    const registered = [...world.registration.redirectUris.web, ...world.registration.redirectUris.spa];
    const headers = { 'set-cookie': signIns.signOut() };
    if (uri && registered.includes(uri))
      return new Response(null, { status: 302, headers: { ...headers, location: uri } });
    const response = await page({
      title: 'Signed out',
      body: html`<h1>You signed out of your account</h1><p>It’s a good idea to close all browser windows.</p>`,
    });
    response.headers.append('set-cookie', headers['set-cookie']);
    return response;
  });
  return routes;
}

/** A JSON answer of Entra; an EntraError becomes its documented body. */
function json(context: Context, world: World, answer: () => object, form?: URLSearchParams): Response {
  const headers = {
    'access-control-allow-origin': '*',
    'cache-control': 'no-store, no-cache',
    date: world.clock.now().toUTCString(),
  };
  try {
    return context.json(answer(), 200, headers);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    const correlationId = form?.get('client-request-id') ?? context.req.header('client-request-id');
    return context.json(errorBody(error, world.clock.now(), correlationId), error.status as 400, headers);
  }
}

const preflight = (context: Context) => ({
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': context.req.header('access-control-request-headers') ?? '',
  'access-control-max-age': '600',
});
