import type { AssignmentRuleId, GroupId, OrganizationId } from '../ids.ts';

/** Whom a rule is about. */
export type RuleCondition =
  /**
   * Everybody whose main address (`mail`, the primary one of `proxyAddresses`) ends in this domain, in lower case. Further
   * addresses do not count: Exchange's address policies give nearly everybody one in each domain of the tenant, so most
   * rules by domain would meet and only their order would decide. A dynamic group says it where it is meant.
   */
  | { readonly kind: 'domain'; readonly domain: string }
  /** Everybody in the group, nested groups included. */
  | { readonly kind: 'group'; readonly groupId: GroupId };

/** Puts people of the directory into an organization. Rules stand in an order: of those that match, the first decides. */
export interface AssignmentRule {
  readonly id: AssignmentRuleId;
  readonly organizationId: OrganizationId;
  readonly condition: RuleCondition;
  /** Whether people whom somebody placed or removed by hand follow the rule too. */
  readonly movesHandPlaced: boolean;
}

/** A person of the directory, as far as rules look at them. */
export interface RuledPerson {
  readonly mail: string | null;
  readonly isGuest: boolean;
  readonly groupIds: ReadonlySet<GroupId>;
}

/** The domain of a mail address, in lower case; undefined without one. */
export function domainOf(mail: string | null): string | undefined {
  const at = mail?.lastIndexOf('@') ?? -1;
  return mail && at > 0 && at < mail.length - 1 ? mail.slice(at + 1).toLowerCase() : undefined;
}

export type RuleMatch =
  | {
      readonly kind: 'matched';
      readonly rule: AssignmentRule;
      /** Later rules that match too and lead elsewhere: the order decides between them. */
      readonly conflicts: readonly AssignmentRule[];
    }
  | { readonly kind: 'unmatched' }
  /** A rule that could decide has a group of which nothing is known yet. */
  | { readonly kind: 'undecided'; readonly rule: AssignmentRule };

/**
 * The rule that decides about a person.
 * @param rules in their order
 * @param unread groups that were never read: who is in them nobody knows
 */
export function matchPerson(
  person: RuledPerson,
  rules: readonly AssignmentRule[],
  unread: ReadonlySet<GroupId>,
): RuleMatch {
  for (const [index, rule] of rules.entries()) {
    const { condition } = rule;
    if (condition.kind === 'group' && unread.has(condition.groupId)) return { kind: 'undecided', rule };
    if (!meets(person, rule)) continue;
    const conflicts = rules
      .slice(index + 1)
      .filter((other) => other.organizationId !== rule.organizationId && meets(person, other));
    return { kind: 'matched', rule, conflicts };
  }
  return { kind: 'unmatched' };
}

function meets({ mail, groupIds }: RuledPerson, { condition }: AssignmentRule): boolean {
  return condition.kind === 'domain' ? domainOf(mail) === condition.domain : groupIds.has(condition.groupId);
}

/** Whether two lists of rules decide the same about everybody. */
export function areSameRules(one: readonly AssignmentRule[], other: readonly AssignmentRule[]): boolean {
  return one.length === other.length && one.every((rule, index) => textOf(rule) === textOf(other[index]));
}

function textOf(rule: AssignmentRule | undefined): string {
  if (!rule) return '';
  const { id, organizationId, condition, movesHandPlaced } = rule;
  const subject = condition.kind === 'domain' ? condition.domain : condition.groupId;
  return [id, organizationId, condition.kind, subject, movesHandPlaced].join(' ');
}
