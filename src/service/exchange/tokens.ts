import type { TenantId } from '../../domain/ids.ts';
import type { Admin } from '../auth/admin.ts';
import type { Cloud } from '../cloud.ts';
import type { AppTokens } from '../entra/app-tokens.ts';
import type { DelegatedTokenProblem, DelegatedTokens } from '../entra/delegated-tokens.ts';
import type { ExchangeProblem, ExchangeRefusal } from './executor.ts';

/** Who asks the gateway, in which tenant. */
export interface GatewayAccess {
  readonly tenantId: TenantId;
  /** `X-AnchorMailbox`, by which Exchange finds the tenant's servers. */
  readonly anchorMailbox: string;
  token(): Promise<{ kind: 'token'; token: string } | { kind: 'refused'; refusal: ExchangeRefusal }>;
}

/** The delegated permission that the gateway takes; it refuses `Exchange.ManageV2`. */
export const manageExchangeScope = (cloud: Pick<Cloud, 'exchangeResource'>) =>
  `${cloud.exchangeResource}/Exchange.Manage`;
const manageAsApp = 'Exchange.ManageAsApp';

/** On behalf of the admin, with the admin's own roles in Exchange. */
export function delegatedAccess(
  tokens: DelegatedTokens,
  cloud: Pick<Cloud, 'exchangeResource'>,
  admin: Pick<Admin, 'tenantId' | 'userId' | 'username' | 'accessToken'>,
): GatewayAccess {
  const { tenantId, username } = admin;
  return {
    tenantId,
    // A header takes no other letters, and routing works without a name as well.
    anchorMailbox: /^[\x21-\x7e]+@[\x21-\x7e]+$/.test(username) ? `UPN:${username}` : systemMailbox(tenantId),
    async token() {
      const outcome = await tokens.get(admin, manageExchangeScope(cloud));
      if (outcome.kind === 'token') return outcome;
      const { problem, entraCode, retryAfterSeconds, claims } = outcome;
      return refused(problem, entraCode, { retryAfterSeconds, claims });
    },
  };
}

/** As the application itself, with the directory role that its service principal has. */
export function applicationAccess(tokens: AppTokens, tenantId: TenantId): GatewayAccess {
  return {
    tenantId,
    anchorMailbox: systemMailbox(tenantId),
    async token() {
      const outcome = await tokens.get(tenantId);
      if (outcome.kind === 'refused') {
        return refused(outcome.problem, outcome.entraCode, { retryAfterSeconds: outcome.retryAfterSeconds });
      }
      if (outcome.roles && !outcome.roles.includes(manageAsApp)) {
        return { kind: 'refused', refusal: { problem: 'consent_required', detail: `${manageAsApp} is not granted.` } };
      }
      return outcome;
    },
  };
}

const problemOf: Readonly<Record<DelegatedTokenProblem, ExchangeProblem>> = {
  consent_required: 'consent_required',
  interaction_required: 'token_refused',
  application_unknown: 'consent_required',
  application_disabled: 'token_refused',
  conditional_access: 'token_refused',
  credential_rejected: 'token_refused',
  credential_expired: 'token_refused',
  registration_not_configured: 'token_refused',
  throttled: 'throttled',
  entra_unavailable: 'unreachable',
};

function refused(
  problem: DelegatedTokenProblem,
  entraCode: string | undefined,
  more: Pick<ExchangeRefusal, 'retryAfterSeconds' | 'claims'>,
) {
  return { kind: 'refused', refusal: { problem: problemOf[problem], detail: entraCode ?? '', ...more } } as const;
}

const systemMailbox = (tenantId: TenantId) => `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`;
