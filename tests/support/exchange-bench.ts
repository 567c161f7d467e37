import type { TenantId, UserId } from '../../src/domain/ids.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { exchangeOnlineAppId } from '../../src/sandbox/tenant/permissions.ts';
import { AccessToken } from '../../src/service/auth/access-token.ts';
import { type Config, readConfig } from '../../src/service/config.ts';
import { createAppTokens } from '../../src/service/entra/app-tokens.ts';
import { createDelegatedTokens, type DelegatedTokens } from '../../src/service/entra/delegated-tokens.ts';
import type { ExchangeExecutor } from '../../src/service/exchange/executor.ts';
import { createGatewayExecutor } from '../../src/service/exchange/gateway.ts';
import { applicationAccess, delegatedAccess } from '../../src/service/exchange/tokens.ts';
import { createLogger } from '../../src/service/log.ts';
import { createMetrics } from '../../src/service/metrics.ts';
import { createBoundedFetch, createDispatcher } from '../../src/service/outbound/bounded-fetch.ts';
import { environmentOf } from './bench.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export interface ExchangeBench extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly clock: TestClock;
  readonly config: Config;
  readonly log: string[];
  readonly tokens: DelegatedTokens;
  /** Somebody who signed in to the tab, by user principal name. */
  admin(userPrincipalName: string): {
    tenantId: TenantId;
    userId: UserId;
    username: string;
    accessToken: AccessToken;
  };
  /** The gateway on behalf of somebody. */
  onBehalfOf(userPrincipalName: string): ExchangeExecutor;
  /** The gateway as the application itself. */
  asApplication(): ExchangeExecutor;
}

/** A simulated Exchange with the service's ways to it; `Exchange.Manage` is consented for everybody. */
export async function startExchangeBench(options: SandboxOptions = {}): Promise<ExchangeBench> {
  const clock = createTestClock();
  const sandbox = await startSandbox({ clock: clock.sandbox, ...options });
  const { tenant, registration } = sandbox;
  tenant.grants.grantScopes(registration.clientId, exchangeOnlineAppId, ['Exchange.Manage'], null);

  const read = readConfig(environmentOf(sandbox));
  if (!read.ok) throw new Error(read.faults.join('\n'));
  const { config } = read;
  const log: string[] = [];
  const logger = createLogger('info', { write: (line) => log.push(line) });
  const dispatcher = createDispatcher(sandbox.certificateAuthority.certificate);
  const { cloud, application } = config;
  const shared = { fetch: createBoundedFetch(dispatcher), cloud, application, clock, metrics: createMetrics(), logger };
  const tokens = createDelegatedTokens(shared);
  const appTokens = createAppTokens({ ...shared, resource: cloud.exchangeResource });
  const gateway = { fetch: shared.fetch, exchangeEndpoint: cloud.exchangeEndpoint, clock };

  function admin(userPrincipalName: string) {
    const person = tenant.person(userPrincipalName);
    const accessToken = new AccessToken(sandbox.signIn(person.id));
    return { tenantId: tenant.id as TenantId, userId: person.id as UserId, username: userPrincipalName, accessToken };
  }
  return {
    sandbox,
    clock,
    config,
    log,
    tokens,
    admin,
    onBehalfOf: (name) => createGatewayExecutor({ ...gateway, access: delegatedAccess(tokens, cloud, admin(name)) }),
    asApplication: () =>
      createGatewayExecutor({ ...gateway, access: applicationAccess(appTokens, tenant.id as TenantId) }),
    async [Symbol.asyncDispose]() {
      await dispatcher.close();
      await sandbox.close();
    },
  };
}
