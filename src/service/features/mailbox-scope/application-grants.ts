import type { ServicePrincipalId, TenantId } from '../../../domain/ids.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import { readServicePrincipalId } from '../../entra/token-outcome.ts';

/** What Entra grants the application, as a token shows it. */
export interface ApplicationGrants {
  /** Values of application permissions; undefined when nobody could tell. */
  readonly permissions: readonly string[] | undefined;
  /** Undefined where the application is not in the tenant. */
  readonly servicePrincipalId: ServicePrincipalId | undefined;
}

/**
 * Reads the grants from a token, which every application may ask for. Only a new token shows what changed since.
 * @param fresh whether a token that was asked for earlier will do
 */
export async function readApplicationGrants(
  tokens: AppTokens,
  tenantId: TenantId,
  { fresh }: { readonly fresh: boolean },
): Promise<ApplicationGrants> {
  const outcome = await (fresh ? tokens.refresh(tenantId) : tokens.get(tenantId));
  if (outcome.kind === 'token') {
    return { permissions: outcome.roles, servicePrincipalId: readServicePrincipalId(outcome.token) };
  }
  // An application that is not there, or is switched off, opens nothing.
  const isShutOut = outcome.problem === 'application_unknown' || outcome.problem === 'application_disabled';
  return { permissions: isShutOut ? [] : undefined, servicePrincipalId: undefined };
}
