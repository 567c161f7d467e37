import { z } from 'zod';
import type { AppId, TenantId } from '../domain/ids.ts';
import { exchangeBoundMinutes } from '../domain/mailbox-scope/propagation.ts';
import { type Cloud, isOfMicrosoft } from './cloud.ts';
import { readCloud } from './config/cloud.ts';
import { type Credential, readCredential } from './config/credential.ts';
import { type Registration, readRegistrations } from './config/registrations.ts';
import { type Environment, guid, origin, type Variables, variablesOf } from './config/variables.ts';

export type Role = 'web' | 'worker';

export const checksBlockedByValues = ['nothing', 'tier0', 'any'] as const;
export type ChecksBlockedBy = (typeof checksBlockedByValues)[number];

/** `delegated`: on behalf of the admin who asks; `application`: as the application itself. */
export const exchangeGateways = ['off', 'delegated', 'application'] as const;
export type ExchangeGateway = (typeof exchangeGateways)[number];

/** Everything the environment decides, checked. The only code that reads `process.env` is `main.ts`, through here. */
export interface Config {
  readonly cloud: Cloud;
  readonly tenantIds: readonly [TenantId, ...TenantId[]];
  readonly application: {
    readonly clientId: AppId;
    readonly credential: Credential;
    /** Audience of tokens for our own API, beside the client id. */
    readonly appIdUri: string;
    /** The one delegated permission of our own API, without the App ID URI. */
    readonly apiScope: string;
    readonly adminAppRole: string;
    /** Role template ids, as `wids` carries them. */
    readonly adminDirectoryRoleIds: readonly string[];
    /** Clients that may call our API on behalf of an admin. */
    readonly allowedClientIds: readonly string[];
  };
  /** Further applications, by the names that organizations choose them by. */
  readonly registrations: readonly Registration[];
  readonly database:
    | { readonly kind: 'embedded'; readonly directory: string }
    | { readonly kind: 'postgres'; readonly url: string };
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Origin under which browsers reach the tab, without a trailing slash. */
    readonly publicUrl: string;
    readonly tls?: { readonly certificate: string; readonly key: string };
    /** Whether `X-Forwarded-For` of the peer names the client. */
    readonly trustProxy: boolean;
  };
  /** Experimental: whether Exchange's gateway is called, and as whom. It is no published contract of Microsoft's. */
  readonly exchangeGateway: ExchangeGateway;
  readonly roles: readonly Role[];
  /** Check runs of different tenants that one worker carries at the same time. */
  readonly runsAtOnce: number;
  readonly logLevel: string;
  /** Minutes until a change in Exchange counts as known everywhere. */
  readonly exchangeBoundMinutes: number;
  /** Minutes between looks for changes that were not made here; 0 for none. */
  readonly recheckMinutes: number;
  /** Most requests to Microsoft Graph per second, for one tenant. */
  readonly graphRequestsPerSecond: number;
  /** What of a verified consent keeps a check from starting: a tier-0 permission, any excess, or nothing. */
  readonly checksBlockedBy: ChecksBlockedBy;
  /** Largest file of people that is taken, in bytes. */
  readonly importLimitBytes: number;
  readonly isProduction: boolean;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One sentence per fault: variable, cause, remedy. */
  | { readonly ok: false; readonly faults: readonly string[] };

/** Global, Privileged Role, Application, Cloud Application and Exchange Administrator. */
const defaultDirectoryRoleIds = [
  '62e90394-69f5-4237-9190-012177145e10',
  'e8611ab8-c189-46e8-94e1-60213ab1f814',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  '158c047a-c907-4556-b7ef-446551a6b5f7',
  '29232cdf-9323-42fd-ade2-1d097af3e4de',
];

/** Teams, Microsoft 365 and Outlook: the hosts that ask for our token with `getAuthToken`. */
const hostClientIds = [
  '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
  '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
  '4765445b-32c6-49b0-83e6-1d93765276ca',
  '0ec893e0-5785-4de6-99da-4ed124e5296c',
  'd3590ed6-52b3-4102-aeff-aad2292ab01c',
  'bc59ab01-8403-45c6-8796-ac3ef710b3e3',
  '27922004-5251-4030-b22d-91ecd9a37ea4',
];

/** Reads and checks all variables at once, so that one start names every fault. Reads the key files it is pointed to. */
export function readConfig(env: Environment): ConfigResult {
  const faults: string[] = [];
  const read = variablesOf(env, faults);

  const isProduction = env.NODE_ENV === 'production';
  const cloud = readCloud(read);
  const tenantIds = read.list(
    'TENANT_ID',
    guid,
    'one GUID or several separated by commas; Entra calls it Directory (tenant) ID',
  );
  if (tenantIds?.length === 0)
    faults.push('TENANT_ID is missing: set it to the Directory (tenant) ID that Entra shows.');
  const clientId = read.required('CLIENT_ID', guid, 'the Application (client) ID of the app registration, a GUID');
  const credential = readCredential(read, faults);
  const registrations = readRegistrations(read, faults, { clientId, tenantIds: tenantIds ?? [] });
  const tls = readTls(read, faults);
  const port =
    read.optional('PORT', z.coerce.number().int().min(0).max(65535), 'a port number from 0 to 65535') ?? 4400;
  const publicUrl =
    read.optional(
      'PUBLIC_URL',
      origin(isProduction ? ['https:'] : ['https:', 'http:']),
      `an ${isProduction ? 'https ' : ''}origin such as https://mailbox-access.contoso.com`,
    ) ?? `${tls ? 'https' : 'http'}://localhost:${port}`;
  const databaseUrl = read.optional(
    'DATABASE_URL',
    z.string().regex(/^postgres(ql)?:\/\//),
    'a URL that starts with postgres://',
  );
  const roles = read.list('ROLES', z.enum(['web', 'worker']), 'web, worker or both separated by a comma');
  const runsAtOnce = read.optional('RUNS_AT_ONCE', z.coerce.number().int().min(1).max(100), 'a number from 1 to 100');
  const logLevel = read.optional(
    'LOG_LEVEL',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    'trace, debug, info, warn, error or silent',
  );
  const exchangePropagationMinutes = read.optional(
    'EXCHANGE_PROPAGATION_MINUTES',
    z.coerce.number().int().min(0).max(1440),
    'minutes from 0 to 1440',
  );
  const checksBlockedBy = read.optional(
    'BLOCK_CHECKS_ON_EXCESS',
    z.enum(checksBlockedByValues),
    'nothing, tier0 or any',
  );
  const recheckMinutes = read.optional(
    'RECHECK_MINUTES',
    z.coerce.number().int().min(0).max(10_080),
    'minutes from 0, which switches it off, to 10080',
  );
  const exchangeGateway = read.optional('EXCHANGE_GATEWAY', z.enum(exchangeGateways), 'off, delegated or application');
  const graphRequestsPerSecond = read.optional(
    'GRAPH_REQUESTS_PER_SECOND',
    z.coerce.number().int().min(5).max(13_000),
    'requests per second from 5 to 13000',
  );
  const importMegabytes = read.optional(
    'IMPORT_MEGABYTES',
    z.coerce.number().int().min(1).max(1_000),
    'megabytes from 1 to 1000',
  );
  const trustProxy = read.optional('TRUST_PROXY', z.enum(['true', 'false', '1', '0']), 'true or false');
  const allowedClientIds = read.list('ALLOWED_CLIENT_IDS', guid, 'GUIDs separated by commas');
  const directoryRoleIds = read.list('ADMIN_DIRECTORY_ROLE_IDS', guid, 'role template ids (GUIDs) separated by commas');

  if (isProduction) {
    if (cloud && !isOfMicrosoft(cloud)) {
      faults.push(
        'AUTHORITY_HOST, GRAPH_ENDPOINT or EXCHANGE_ENDPOINT is not one of Microsoft’s: with NODE_ENV=production use CLOUD instead.',
      );
    }
    if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
      faults.push(
        'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off: remove it; extra trust comes by NODE_EXTRA_CA_CERTS.',
      );
    }
    if (!publicUrl.startsWith('https://')) {
      faults.push('PUBLIC_URL is missing or not https: set the https origin under which Teams loads the tab.');
    }
  }

  const [firstTenant, ...otherTenants] = (tenantIds ?? []) as TenantId[];
  if (faults.length > 0 || !cloud || !clientId || !credential || !firstTenant) return { ok: false, faults };
  return {
    ok: true,
    config: {
      cloud,
      tenantIds: [firstTenant, ...otherTenants],
      application: {
        clientId: clientId as AppId,
        credential,
        appIdUri:
          read.optional('APP_ID_URI', z.string(), 'the Application ID URI') ??
          `api://${new URL(publicUrl).host}/${clientId}`,
        apiScope: read.optional('API_SCOPE', z.string(), 'the name of a scope') ?? 'access_as_user',
        adminAppRole: read.optional('ADMIN_APP_ROLE', z.string(), 'the value of an app role') ?? 'MailboxAccess.Admin',
        adminDirectoryRoleIds: directoryRoleIds?.length ? directoryRoleIds : defaultDirectoryRoleIds,
        allowedClientIds: [clientId, ...hostClientIds, ...(allowedClientIds ?? [])],
      },
      registrations,
      database: databaseUrl
        ? { kind: 'postgres', url: databaseUrl }
        : { kind: 'embedded', directory: env.DATA_DIR || '.local/data' },
      http: {
        host: env.HOST || '127.0.0.1',
        port,
        publicUrl,
        ...(tls ? { tls } : {}),
        trustProxy: trustProxy === 'true' || trustProxy === '1',
      },
      exchangeGateway: exchangeGateway ?? 'off',
      roles: roles?.length ? [...new Set(roles)] : ['web', 'worker'],
      runsAtOnce: runsAtOnce ?? 4,
      logLevel: logLevel ?? 'info',
      exchangeBoundMinutes: exchangePropagationMinutes ?? exchangeBoundMinutes,
      recheckMinutes: recheckMinutes ?? 60,
      graphRequestsPerSecond: graphRequestsPerSecond ?? 13_000,
      checksBlockedBy: checksBlockedBy ?? 'nothing',
      importLimitBytes: (importMegabytes ?? 64) * 1024 * 1024,
      isProduction,
    },
  };
}

function readTls(read: Variables, faults: string[]): { certificate: string; key: string } | undefined {
  const certificatePath = read.text('TLS_CERTIFICATE_PATH');
  const keyPath = read.text('TLS_KEY_PATH');
  if (!certificatePath && !keyPath) return undefined;
  if (!certificatePath || !keyPath) {
    faults.push('TLS_CERTIFICATE_PATH and TLS_KEY_PATH belong together: set both, or none behind a TLS proxy.');
    return undefined;
  }
  const certificate = read.file('TLS_CERTIFICATE_PATH', certificatePath);
  const key = read.file('TLS_KEY_PATH', keyPath);
  return certificate && key ? { certificate, key } : undefined;
}
