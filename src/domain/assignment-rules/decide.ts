import type { GroupId, OrganizationId } from '../ids.ts';
import { type AssignmentRule, matchPerson, type RuledPerson } from './rule.ts';

/** What a run found about a person, in the order in which an admin should read it. Who is where they belong is not told. */
export const assignmentOutcomes = [
  'leaving',
  'undecided',
  'kept_by_hand',
  'kept_out',
  'not_eligible',
  'moved',
  'added',
] as const;
export type AssignmentOutcome = (typeof assignmentOutcomes)[number];

/** Why people leave or cannot come. */
export const outcomeReasons = ['not_in_directory', 'no_rule', 'guest', 'no_address'] as const;
export type OutcomeReason = (typeof outcomeReasons)[number];

/** A person of the directory, of an organization, or of both. */
export interface AssignmentSubject {
  /** Undefined when the directory does not have them, or has them among its deleted items. */
  readonly person: RuledPerson | undefined;
  /** The organization they are in; undefined when they are in none. */
  readonly here: { readonly organizationId: OrganizationId; readonly placedBy: 'rule' | 'hand' } | undefined;
  /** A rule brought them in, and somebody removed them. */
  readonly wasRemoved: boolean;
}

export type AssignmentDecision =
  | { readonly kind: 'in_step' }
  | { readonly kind: 'added' | 'moved'; readonly rule: AssignmentRule }
  /** A rule wants them elsewhere; a person placed or removed them by hand, and that stands. */
  | { readonly kind: 'kept_by_hand' | 'kept_out' | 'undecided'; readonly rule: AssignmentRule }
  | { readonly kind: 'not_eligible'; readonly rule: AssignmentRule; readonly reason: 'guest' | 'no_address' }
  /** Stays until an admin removes them: a rule removes nobody. */
  | { readonly kind: 'leaving'; readonly reason: 'not_in_directory' | 'no_rule' };

/** Rules in their order, and what is known of their groups. */
export interface RulesInEffect {
  readonly rules: readonly AssignmentRule[];
  /** Groups that were never read. */
  readonly unread: ReadonlySet<GroupId>;
}

/** What the rules do about a person. Total and pure; removing is no outcome. */
export function decideAssignment(subject: AssignmentSubject, { rules, unread }: RulesInEffect): AssignmentDecision {
  const { person, here, wasRemoved } = subject;
  if (!person) {
    const isRuled =
      here && (here.placedBy === 'rule' || rules.some((rule) => rule.organizationId === here.organizationId));
    return isRuled ? { kind: 'leaving', reason: 'not_in_directory' } : inStep;
  }
  const match = matchPerson(person, rules, unread);
  const isOfRules = here ? here.placedBy === 'rule' : wasRemoved;
  if (match.kind === 'undecided') return isOfRules ? { kind: 'undecided', rule: match.rule } : inStep;
  if (match.kind === 'unmatched') return here?.placedBy === 'rule' ? { kind: 'leaving', reason: 'no_rule' } : inStep;
  return placeBy(match.rule, person, subject);
}

function placeBy(
  rule: AssignmentRule,
  person: RuledPerson,
  { here, wasRemoved }: AssignmentSubject,
): AssignmentDecision {
  if (here) {
    if (here.organizationId === rule.organizationId) return inStep;
    return here.placedBy === 'rule' || rule.movesHandPlaced ? { kind: 'moved', rule } : { kind: 'kept_by_hand', rule };
  }
  if (person.isGuest) return { kind: 'not_eligible', rule, reason: 'guest' };
  if (!person.mail) return { kind: 'not_eligible', rule, reason: 'no_address' };
  return wasRemoved && !rule.movesHandPlaced ? { kind: 'kept_out', rule } : { kind: 'added', rule };
}

/** Whether two decisions come to the same for the person. */
export function isSameDecision(one: AssignmentDecision, other: AssignmentDecision): boolean {
  const target = (of: AssignmentDecision) => ('rule' in of ? of.rule.organizationId : undefined);
  const reason = (of: AssignmentDecision) => ('reason' in of ? of.reason : undefined);
  return one.kind === other.kind && target(one) === target(other) && reason(one) === reason(other);
}

const inStep: AssignmentDecision = { kind: 'in_step' };
