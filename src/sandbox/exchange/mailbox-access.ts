import type { Person } from '../tenant/person.ts';
import type { Exchange } from './exchange.ts';
import type { RoleAssignment } from './objects.ts';
import { applicationRoles, confinedByPolicies } from './roles.ts';

export type AccessAnswer = 'open' | 'closed_by_policy' | 'closed';

interface Question {
  readonly appId: string;
  /** Object id of the service principal in this tenant. */
  readonly servicePrincipalId: string;
  /** Any one of them is enough for the call. */
  readonly permissions: readonly string[];
  /** Application permissions in the token. */
  readonly roles: readonly string[];
  /** Nobody: the call names somebody whom the tenant does not have. */
  readonly person: Person | undefined;
  /** Instant of which the caches know: what changed later has no effect yet. */
  readonly asOf: Date;
}

/**
 * What Exchange answers an application that wants to open a mailbox: the token's permissions as far as the policies let
 * them, or a role assignment that holds the mailbox.
 * @see Microsoft Learn, RBAC for Applications in Exchange Online; New-ApplicationAccessPolicy
 */
export function answerApplication(exchange: Exchange, question: Question): AccessAnswer {
  if (openedByAssignment(exchange, question)) return 'open';
  const granted = question.permissions.filter((permission) => question.roles.includes(permission));
  if (granted.length === 0) return 'closed';
  if (!question.person || granted.some((permission) => !confinedByPolicies.has(permission))) return 'open';
  return policiesLet(exchange, { ...question, person: question.person }) ? 'open' : 'closed_by_policy';
}

/** Whether the policies of an application let it into a mailbox; what Test-ApplicationAccessPolicy evaluates. */
export function policiesLet(
  exchange: Exchange,
  question: Pick<Question, 'appId' | 'asOf'> & { readonly person: Person },
): boolean {
  const policies = exchange.policies.filter(
    (policy) => policy.appId === question.appId && isInForce(policy, question.asOf),
  );
  const holding = policies.filter((policy) => exchange.isTransitiveMember(policy.groupId, question.person));
  if (holding.some((policy) => policy.accessRight === 'DenyAccess')) return false;
  if (holding.length > 0) return true;
  return !policies.some((policy) => policy.accessRight === 'RestrictAccess');
}

/** Assignments of the service principal that hold the mailbox. */
export function assignmentsHolding(
  exchange: Exchange,
  question: Pick<Question, 'servicePrincipalId' | 'asOf'> & { readonly person: Person },
): RoleAssignment[] {
  return exchange.assignments.filter(
    (assignment) =>
      assignment.objectId === question.servicePrincipalId &&
      isInForce(assignment, question.asOf) &&
      exchange.holds(assignment.scope, question.person),
  );
}

function openedByAssignment(exchange: Exchange, question: Question): boolean {
  const { person, servicePrincipalId, asOf, permissions } = question;
  if (!person) return false;
  return assignmentsHolding(exchange, { servicePrincipalId, asOf, person }).some((assignment) =>
    applicationRoles[assignment.role]?.some((permission) => permissions.includes(permission)),
  );
}

function isInForce(configured: { createdAt: Date; removedAt: Date | null }, asOf: Date): boolean {
  return configured.createdAt <= asOf && (!configured.removedAt || asOf < configured.removedAt);
}
