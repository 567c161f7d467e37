import type { ServicePrincipalId, TenantId } from '../../../domain/ids.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import { readServicePrincipalId, type TokenOutcome } from '../../entra/token-outcome.ts';

/** What Entra grants the application, as a token shows it. */
export interface ApplicationGrants {
  /** Values of application permissions; undefined when nobody could tell. */
  readonly permissions: readonly string[] | undefined;
  /** Undefined where the application is not in the tenant. */
  readonly servicePrincipalId: ServicePrincipalId | undefined;
}

/** App-only tokens of the two APIs whose roles reach mailboxes. */
export interface GrantTokens {
  readonly tokens: AppTokens;
  /** For Office 365 Exchange Online itself. */
  readonly exchangeTokens: AppTokens;
}

/**
 * Of Exchange's own app roles, the one that opens mailboxes: all of them, over Exchange Web Services. Its other roles with
 * names such as `Mail.Read` belonged to a retired API.
 * @see exchange-scoping reference §3
 */
const fullAccess = 'full_access_as_app';

/**
 * Reads the grants from tokens, which every application may ask for: of Graph, and of Exchange, whose roles no token for
 * Graph shows. Only a new token shows what changed since. What one of them could not tell is not known.
 * @param fresh whether a token that was asked for earlier will do
 */
export async function readApplicationGrants(
  { tokens, exchangeTokens }: GrantTokens,
  tenantId: TenantId,
  { fresh }: { readonly fresh: boolean },
): Promise<ApplicationGrants> {
  const ask = (of: AppTokens) => (fresh ? of.refresh(tenantId) : of.get(tenantId));
  const [graph, exchange] = await Promise.all([ask(tokens), ask(exchangeTokens)]);
  const [ofGraph, ofExchange] = [rolesOf(graph), rolesOf(exchange)];
  return {
    permissions: ofGraph && ofExchange ? [...ofGraph, ...ofExchange.filter((role) => role === fullAccess)] : undefined,
    servicePrincipalId: graph.kind === 'token' ? readServicePrincipalId(graph.token) : undefined,
  };
}

function rolesOf(outcome: TokenOutcome): readonly string[] | undefined {
  if (outcome.kind === 'token') return outcome.roles;
  // An application that is not there, or is switched off, opens nothing.
  return outcome.problem === 'application_unknown' || outcome.problem === 'application_disabled' ? [] : undefined;
}

/** A grant with the API that defines it, by which an admin finds and removes it. */
export const asGrant = (permission: string) => ({
  permission,
  resource: permission === fullAccess ? ('exchange' as const) : ('graph' as const),
});
