import { expect } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { trustCertificateAuthority } from '../../src/sandbox/trust.ts';
import { validateResponse } from '../support/graph-openapi.ts';

export interface GraphReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what Graph answers is what the test is about
  readonly body: any;
}

export interface Bench extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** Asks the token endpoint; what is given replaces the usual parameters. */
  token(parameters?: Record<string, string>, tenant?: string): Promise<GraphReply>;
  /** A new app-only token for Microsoft Graph with these application permissions, which are granted first. */
  appToken(...permissions: string[]): Promise<string>;
  /** A token for Microsoft Graph on behalf of a user; scopes not consented yet are granted for everybody first. */
  userToken(userId: string, ...scopes: string[]): string;
  /** Asks Graph and has Microsoft's description judge the answer. */
  graph(token: string, path: string, init?: RequestInit): Promise<GraphReply>;
}

/** A sandbox that this process trusts, and the shortest ways to ask it. */
export async function startBench(options: SandboxOptions = {}): Promise<Bench> {
  const sandbox = await startSandbox(options);
  trustCertificateAuthority(sandbox.certificateAuthority.certificate);
  const { registration, tenant, url, origins } = sandbox;

  async function token(parameters: Record<string, string> = {}, tenantName = tenant.id): Promise<GraphReply> {
    const form = {
      grant_type: 'client_credentials',
      client_id: registration.clientId,
      scope: `${origins.graph}/.default`,
      ...(parameters.client_assertion ? {} : { client_secret: registration.secrets[0]?.value ?? '' }),
      ...parameters,
    };
    const response = await fetch(`${url}/${tenantName}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  return {
    sandbox,
    token,
    async appToken(...permissions) {
      tenant.grants.grant(...permissions);
      const { body } = await token();
      return body.access_token;
    },
    userToken(userId, ...scopes) {
      const graphAppId = '00000003-0000-0000-c000-000000000000';
      tenant.grants.grantScopes(registration.clientId, graphAppId, scopes, null);
      const clientId = registration.clientId;
      const wanted = scopes.map((scope) => `${origins.graph}/${scope}`).join(' ');
      const issued = sandbox.issueDelegatedTokens({ userId, clientId, scopes: wanted });
      if ('error' in issued) throw new Error(issued.description);
      return issued.accessToken;
    },
    async graph(accessToken, path, init = {}) {
      const target = path.startsWith('https:') ? path : `${url}/v1.0${path}`;
      const response = await fetch(target, {
        ...init,
        headers: { authorization: `Bearer ${accessToken}`, ...init.headers },
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      const body = isJson ? JSON.parse(text) : text || undefined;
      if (!path.endsWith('$batch') && isJson && response.status !== 501) {
        expect(validateResponse(init.method ?? 'GET', target, response.status, body)).toEqual([]);
      }
      return { status: response.status, headers: response.headers, body };
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
    },
  };
}

export const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const eventual: RequestInit = { headers: { ConsistencyLevel: 'eventual' } };

/** The claims of a token, unverified. */
export const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
