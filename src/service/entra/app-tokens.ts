import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfidentialClientApplication, type Configuration, type INetworkModule } from '@azure/msal-node';
import type { TenantId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import { type Cloud, isOfMicrosoft } from '../cloud.ts';
import type { Config, Credential } from '../config.ts';
import { type Metrics, statusClass } from '../metrics.ts';
import { type BoundedFetch, Unreachable } from '../outbound/bounded-fetch.ts';
import { readRoles, readTokenRefusal, type TokenOutcome } from './token-outcome.ts';

/** App-only tokens for Microsoft Graph, one per tenant. */
export interface AppTokens {
  /** A token that lives at least five minutes more. */
  get(tenantId: TenantId): Promise<TokenOutcome>;
  /**
   * A new token from Entra: only a new one shows what was granted or revoked since. Callers at the same time share one
   * request.
   */
  refresh(tenantId: TenantId): Promise<TokenOutcome>;
}

interface Dependencies {
  readonly fetch: BoundedFetch;
  readonly cloud: Cloud;
  readonly application: Pick<Config['application'], 'clientId' | 'credential'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

const renewBeforeMs = 5 * 60_000;

export function createAppTokens({ fetch, cloud, application, clock, metrics }: Dependencies): AppTokens {
  const cached = new Map<TenantId, { outcome: TokenOutcome & { kind: 'token' }; expiresAtMs: number }>();
  const refreshing = new Map<TenantId, Promise<TokenOutcome>>();

  async function request(tenantId: TenantId): Promise<TokenOutcome> {
    const exchange: Exchange = {};
    try {
      // A client of its own per request: MSAL keeps refusals and would answer from memory for a minute.
      const client = new ConfidentialClientApplication(
        configuration(cloud, application, tenantId, networkClient(fetch, metrics, exchange)),
      );
      const result = await client.acquireTokenByClientCredential({
        scopes: [`${cloud.graphEndpoint}/.default`],
        skipCache: true,
      });
      if (!result?.accessToken) throw new Error('MSAL gave no token');
      const outcome = { kind: 'token', token: result.accessToken, roles: readRoles(result.accessToken) } as const;
      const expiresAtMs = result.expiresOn?.getTime() ?? clock.now().getTime();
      cached.set(tenantId, { outcome, expiresAtMs });
      return outcome;
    } catch {
      cached.delete(tenantId);
      const { status, error, code, retryAfterSeconds } = exchange;
      return {
        kind: 'refused',
        problem: readTokenRefusal(status, error, code),
        entraCode: code === undefined ? undefined : `AADSTS${code}`,
        retryAfterSeconds,
      };
    }
  }

  function refresh(tenantId: TenantId): Promise<TokenOutcome> {
    const running = refreshing.get(tenantId);
    if (running) return running;
    const started = request(tenantId).finally(() => refreshing.delete(tenantId));
    refreshing.set(tenantId, started);
    return started;
  }

  return {
    async get(tenantId) {
      const known = cached.get(tenantId);
      if (known && known.expiresAtMs - renewBeforeMs > clock.now().getTime()) return known.outcome;
      return refresh(tenantId);
    },
    refresh,
  };
}

/** What the token endpoint said last, read beside MSAL, which keeps only a message. */
interface Exchange {
  status?: number;
  error?: string | undefined;
  code?: number | undefined;
  retryAfterSeconds?: number | undefined;
}

function configuration(
  cloud: Cloud,
  { clientId, credential }: Dependencies['application'],
  tenantId: TenantId,
  networkClient: INetworkModule,
): Configuration {
  return {
    auth: {
      clientId,
      authority: `${cloud.authorityHost}/${tenantId}`,
      // Microsoft's hosts are known to MSAL; any other has to be named, with its port.
      ...(isOfMicrosoft(cloud) ? {} : { knownAuthorities: [new URL(cloud.authorityHost).host] }),
      ...proof(credential),
    },
    system: { networkClient, disableInternalRetries: true },
  };
}

function proof(credential: Credential): Partial<Configuration['auth']> {
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret };
    case 'certificate': {
      const { raw } = new X509Certificate(credential.certificate);
      return {
        clientCertificate: {
          thumbprintSha256: createHash('sha256').update(raw).digest('hex').toUpperCase(),
          privateKey: credential.privateKey,
          x5c: credential.certificate,
        },
      };
    }
    case 'assertion':
      return { clientAssertion: async () => (await readFile(credential.path, 'utf8')).trim() };
  }
}

/** MSAL's way to the network: ours, with its deadlines and limits. */
function networkClient(fetch: BoundedFetch, metrics: Metrics, exchange: Exchange): INetworkModule {
  async function send(
    method: 'GET' | 'POST',
    url: string,
    options?: { headers?: Record<string, string>; body?: string },
  ) {
    try {
      const answer = await fetch(url, {
        method,
        headers: options?.headers ?? {},
        ...(options?.body === undefined ? {} : { body: options.body }),
        deadlineMs: 15_000,
        maxBytes: 256 * 1024,
      });
      const body = parse(answer.text);
      if (method === 'POST') {
        metrics.tokenRequests.inc({ status: statusClass(answer.status) });
        const { error, error_codes: codes } = body as { error?: string; error_codes?: number[] };
        exchange.status = answer.status;
        exchange.error = error;
        exchange.code = codes?.[0];
        exchange.retryAfterSeconds = Number.parseInt(answer.headers['retry-after'] ?? '', 10) || undefined;
      }
      return { status: answer.status, headers: { ...answer.headers }, body };
    } catch (error) {
      if (method === 'POST' && error instanceof Unreachable)
        metrics.tokenRequests.inc({ status: statusClass(undefined) });
      throw error;
    }
  }
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options) as never,
    sendPostRequestAsync: (url, options) => send('POST', url, options) as never,
  };
}

/** An answer that is not JSON becomes an error of the same shape, so that MSAL does not stumble over it. */
function parse(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (body !== null && typeof body === 'object') return body;
  } catch {
    // Falls through.
  }
  return { error: 'server_error', error_description: 'not JSON' };
}
