import type { AppId } from '../../domain/ids.ts';
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
}

/** The applications that the operator configured. */
export interface Applications {
  readonly own: Application;
  /** The service's own one first, then as the configuration names them. */
  readonly all: readonly [Application, ...Application[]];
  find(registration: RegistrationName): Application | undefined;
  /** @throws AppError `registration.not_configured` */
  get(registration: RegistrationName): Application;
  /** Graph tokens; those of a name that the configuration does not have (any more) are refused with that cause. */
  tokensOf(registration: RegistrationName): AppTokens;
}

export function createApplications(
  config: Pick<Config, 'application' | 'registrations'>,
  dependencies: TokenDependencies,
): Applications {
  const { exchangeResource } = dependencies.cloud;
  function open({ name, clientId, credential }: Config['registrations'][number]): Application {
    const entra = { ...dependencies, application: { clientId, credential } };
    return {
      registration: name,
      appId: clientId,
      tokens: createAppTokens(entra),
      exchangeTokens: createAppTokens({ ...entra, resource: exchangeResource }),
    };
  }

  const own = open({ ...config.application, name: ownRegistration });
  const all: readonly [Application, ...Application[]] = [own, ...config.registrations.map(open)];
  const byName = new Map(all.map((application) => [application.registration, application]));
  return {
    own,
    all,
    find: (registration) => byName.get(registration),
    get(registration) {
      const application = byName.get(registration);
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
const notConfigured: AppTokens = { get: async () => refusal, refresh: async () => refusal };
