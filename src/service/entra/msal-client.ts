import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfidentialClientApplication, type Configuration, type INetworkModule } from '@azure/msal-node';
import type { TenantId } from '../../domain/ids.ts';
import { type Cloud, isOfMicrosoft } from '../cloud.ts';
import type { Credential } from '../config/credential.ts';
import type { Config } from '../config.ts';
import { type Metrics, statusClass } from '../metrics.ts';
import { type BoundedFetch, Unreachable } from '../outbound/bounded-fetch.ts';

export interface MsalDependencies {
  readonly fetch: BoundedFetch;
  readonly cloud: Cloud;
  readonly application: Pick<Config['application'], 'clientId' | 'credential'>;
  readonly metrics: Metrics;
}

/** What the token endpoint said last, read beside MSAL, which keeps only a message. */
export interface TokenEndpointAnswer {
  status?: number;
  error?: string | undefined;
  suberror?: string | undefined;
  code?: number | undefined;
  /** A claims challenge: what the user has to prove in a dialog. */
  claims?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/**
 * MSAL for our application in one tenant, on our way to the network. For one request only: MSAL keeps refusals and would
 * answer from memory for a minute.
 * @param answer filled while the request runs
 */
export function createMsalClient(
  { fetch, cloud, application, metrics }: MsalDependencies,
  tenantId: TenantId,
  answer: TokenEndpointAnswer,
): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: {
      clientId: application.clientId,
      authority: `${cloud.authorityHost}/${tenantId}`,
      // Microsoft's hosts are known to MSAL; any other has to be named, with its port.
      ...(isOfMicrosoft(cloud) ? {} : { knownAuthorities: [new URL(cloud.authorityHost).host] }),
      ...proof(application.credential),
    },
    system: { networkClient: networkClient(fetch, metrics, answer), disableInternalRetries: true },
  });
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
function networkClient(fetch: BoundedFetch, metrics: Metrics, last: TokenEndpointAnswer): INetworkModule {
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
        const { error, suberror, claims, error_codes: codes } = body as TokenEndpointBody;
        last.status = answer.status;
        last.error = error;
        last.suberror = suberror;
        last.code = codes?.[0];
        last.claims = claims;
        last.retryAfterSeconds = Number.parseInt(answer.headers['retry-after'] ?? '', 10) || undefined;
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

interface TokenEndpointBody {
  readonly error?: string;
  readonly suberror?: string;
  readonly claims?: string;
  readonly error_codes?: readonly number[];
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
