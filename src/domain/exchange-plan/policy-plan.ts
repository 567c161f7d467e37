import type { AppId, GroupId, TenantId } from '../ids.ts';
import type { ExchangePolicy } from '../mailbox-access/exchange-configuration.ts';
import { withoutRefusedCharacters } from './powershell-literal.ts';
import type { ExchangePlan, ExchangeStep } from './step.ts';

/** Policies of one application, as Exchange has them now. */
export interface PolicyRequest {
  readonly tenantId: TenantId;
  readonly appId: AppId;
  readonly policies: readonly ExchangePolicy[];
}

/** Scopes that Exchange could not resolve to a group: nothing is planned for a policy whose effect is not known. */
export interface PolicyRefusal {
  readonly refused: 'scope_unknown';
  readonly policies: readonly ExchangePolicy[];
}

/**
 * The plan that removes policies. They are all that confines an Entra grant: they must stay as long as one is there,
 * which is not Exchange's part and the caller's to check.
 */
export function planPolicyRemoval(request: PolicyRequest): ExchangePlan | PolicyRefusal {
  return planEach(request, ({ accessRight }, groupId) => ({
    kind: 'remove_application_access_policy',
    appId: request.appId,
    groupId,
    accessRight,
  }));
}

/** The plan that makes the same policies again: the way back from {@link planPolicyRemoval}. */
export function planPolicyRestore(request: PolicyRequest): ExchangePlan | PolicyRefusal {
  return planEach(request, ({ accessRight, description }, groupId) => ({
    kind: 'ensure_application_access_policy',
    appId: request.appId,
    groupId,
    accessRight,
    // Somebody else wrote it; a script must not carry everything that Exchange does.
    description: withoutRefusedCharacters(description),
  }));
}

function planEach(
  { tenantId, appId, policies }: PolicyRequest,
  stepOf: (policy: ExchangePolicy, groupId: GroupId) => ExchangeStep,
): ExchangePlan | PolicyRefusal {
  const unknown = policies.filter((policy) => policy.groupId === null);
  if (unknown.length > 0) return { refused: 'scope_unknown', policies: unknown };
  const steps = policies.flatMap((policy) => (policy.groupId === null ? [] : [stepOf(policy, policy.groupId)]));
  return { tenantId, steps: [...steps, { kind: 'read_configuration', appId }] };
}
