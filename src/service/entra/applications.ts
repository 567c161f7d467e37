import type { AppId, TenantId } from '../../domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../domain/registration.ts';
import { AppError } from '../app-error.ts';
import type { Config } from '../config.ts';
import { type AppTokens, createAppTokens } from './app-tokens.ts';
import type { TokenOutcome } from './token-outcome.ts';

type TokenDependencies = Omit<Parameters<typeof createAppTokens>[0], 'application' | 'resource'>;

/** One application registration, with tokens that prove its own credential. */
export interface Application {
  /** By which organizations choose it; empty for the service's own one. */
  readonly registration: RegistrationName;
  readonly appId: AppId;
  /** For Microsoft Graph. */
  readonly tokens: AppTokens;
  /** For Office 365 Exchange Online. */
  readonly exchangeTokens: AppTokens;
  /** Whether the configuration lets organizations of this tenant use it. */
  isFor(tenantId: TenantId): boolean;
}

/** The applications that the operator configured. */
export interface Applications {
  readonly own: Application;
  /** The service's own one first, then as the configuration names them. */
  readonly all: readonly [Application, ...Application[]];
  /** Undefined where the configuration does not have the name for this tenant (any more). */
  find(tenantId: TenantId, registration: RegistrationName): Application | undefined;
  /** @throws AppError `registration.not_configured` */
  get(tenantId: TenantId, registration: RegistrationName): Application;
  /** Graph tokens; where the name is not configured for the tenant, they are refused with that cause. */
  tokensOf(registration: RegistrationName): AppTokens;
}

export function createApplications(
  config: Pick<Config, 'application' | 'registrations'>,
  dependencies: TokenDependencies,
): Applications {
  const { exchangeResource } = dependencies.cloud;
  function open({ name, clientId, credential, tenantIds }: Config['registrations'][number]): Application {
    const isFor = (tenantId: TenantId) => tenantIds === undefined || tenantIds.includes(tenantId);
    const entra = { ...dependencies, application: { clientId, credential } };
    return {
      registration: name,
      appId: clientId,
      tokens: only(isFor, createAppTokens(entra)),
      exchangeTokens: only(isFor, createAppTokens({ ...entra, resource: exchangeResource })),
      isFor,
    };
  }

  const own = open({ ...config.application, name: ownRegistration });
  const all: readonly [Application, ...Application[]] = [own, ...config.registrations.map(open)];
  const byName = new Map(all.map((application) => [application.registration, application]));
  function find(tenantId: TenantId, registration: RegistrationName): Application | undefined {
    const application = byName.get(registration);
    return application?.isFor(tenantId) ? application : undefined;
  }
  return {
    own,
    all,
    find,
    get(tenantId, registration) {
      const application = find(tenantId, registration);
      if (!application) throw new AppError('registration.not_configured', { details: { registration } });
      return application;
    },
    tokensOf: (registration) => byName.get(registration)?.tokens ?? notConfigured,
  };
}

const refusal: TokenOutcome = {
  kind: 'refused',
  problem: 'registration_not_configured',
  entraCode: undefined,
  retryAfterSeconds: undefined,
};
/** Tokens for some tenants alone. */
function only(isFor: (tenantId: TenantId) => boolean, { get, refresh }: AppTokens): AppTokens {
  return {
    get: async (tenantId) => (isFor(tenantId) ? get(tenantId) : refusal),
    refresh: async (tenantId) => (isFor(tenantId) ? refresh(tenantId) : refusal),
  };
}

const notConfigured: AppTokens = { get: async () => refusal, refresh: async () => refusal };
