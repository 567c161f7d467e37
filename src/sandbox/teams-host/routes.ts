import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { Hono } from 'hono';
import type { HostPage } from './client/settings.ts';
import { renderHostPage } from './page.ts';

/** What the host asks the simulated Entra for, on behalf of the person signed in to Teams. */
export interface DelegatedTokenRequest {
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Whether the person is there to answer a consent question. */
  readonly isInteractive: boolean;
}

interface Dependencies {
  readonly page: () => HostPage;
  /** Resolves to the tokens, or to `{ error, description }`; both go to the page as they are. */
  readonly issueTokens: (request: DelegatedTokenRequest) => Promise<object>;
}

const modules = ['host', 'protocol', 'popups', 'nested-app-auth', 'settings'];

/** The page that plays the Teams client, its modules, and the token desk behind its single sign-on. */
export function teamsHostRoutes({ page, issueTokens }: Dependencies): Hono {
  const routes = new Hono();
  // Teams' own deep links lead to the same page.
  for (const path of ['/', '/l/entity/:appId/:entityId'])
    routes.get(path, (context) => context.html(renderHostPage(page())));

  routes.get('/_teams/host.css', async (context) => {
    const styles = await readFile(new URL('./host.css', import.meta.url), 'utf8');
    return context.body(styles, 200, { 'content-type': 'text/css; charset=utf-8' });
  });
  for (const name of modules) {
    routes.get(`/_teams/${name}.ts`, async (context) => {
      const source = await readFile(new URL(`./client/${name}.ts`, import.meta.url), 'utf8');
      return context.body(stripTypeScriptTypes(source), 200, { 'content-type': 'text/javascript; charset=utf-8' });
    });
  }

  routes.post('/_teams/tokens', async (context) => context.json(await issueTokens(await context.req.json())));
  return routes;
}
