import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AssignmentRuleId, GroupId, OrganizationId } from '../ids.ts';
import { type AssignmentSubject, decideAssignment, isSameDecision, type RulesInEffect } from './decide.ts';
import { type AssignmentRule, areSameRules, domainOf, matchPerson, type RuledPerson } from './rule.ts';

const [a, b, c] = ['a', 'b', 'c'] as OrganizationId[] as [OrganizationId, OrganizationId, OrganizationId];
const sales = 'sales' as GroupId;
const research = 'research' as GroupId;

function rule(
  id: string,
  organizationId: OrganizationId,
  condition: AssignmentRule['condition'],
  movesHandPlaced = false,
) {
  return { id: id as AssignmentRuleId, organizationId, condition, movesHandPlaced };
}
const byDomain = (organizationId: OrganizationId, domain = 'contoso.com') =>
  rule(`domain ${domain}`, organizationId, { kind: 'domain', domain });
const byGroup = (organizationId: OrganizationId, groupId = sales) =>
  rule(`group ${groupId}`, organizationId, { kind: 'group', groupId });

const someone = (some: Partial<RuledPerson> = {}): RuledPerson => ({
  mail: 'ada@contoso.com',
  isGuest: false,
  groupIds: new Set(),
  ...some,
});
const subject = (some: Partial<AssignmentSubject> = {}): AssignmentSubject => ({
  person: someone(),
  here: undefined,
  wasRemoved: false,
  ...some,
});
const inEffect = (...rules: AssignmentRule[]): RulesInEffect => ({ rules, unread: new Set() });
const decide = (of: AssignmentSubject, ...rules: AssignmentRule[]) => {
  const decision = decideAssignment(of, inEffect(...rules));
  return [decision.kind, 'rule' in decision && decision.rule.organizationId, 'reason' in decision && decision.reason]
    .filter(Boolean)
    .join(' ');
};

test.each([
  ['Ada@CONTOSO.com', 'contoso.com'],
  ['"a@b"@contoso.com', 'contoso.com'],
  ['@contoso.com', undefined],
  ['ada@', undefined],
  ['ada', undefined],
  [null, undefined],
])('the domain of %s is %s', (mail, domain) => {
  expect(domainOf(mail)).toBe(domain);
});

test('a subdomain is another domain', () => {
  expect(decide(subject({ person: someone({ mail: 'ada@eu.contoso.com' }) }), byDomain(a))).toBe('in_step');
});

describe('who is not here', () => {
  test.each<[string, Partial<AssignmentSubject>, string]>([
    ['matched: added', {}, 'added a'],
    ['removed by hand: kept out', { wasRemoved: true }, 'kept_out a'],
    ['a guest', { person: someone({ isGuest: true }) }, 'not_eligible a guest'],
    ['not in the directory', { person: undefined }, 'in_step'],
    ['removed and not in the directory', { person: undefined, wasRemoved: true }, 'in_step'],
  ])('%s', (_name, some, expected) => {
    expect(decide(subject(some), byDomain(a))).toBe(expected);
  });

  test('a member of a group without an address cannot come', () => {
    const person = someone({ mail: null, groupIds: new Set([sales]) });
    expect(decide(subject({ person }), byGroup(a))).toBe('not_eligible a no_address');
  });
});

describe('who is here', () => {
  test.each<[string, AssignmentSubject['here'], string]>([
    ['by a rule, elsewhere: moved', { organizationId: b, placedBy: 'rule' }, 'moved a'],
    ['by hand, elsewhere: kept', { organizationId: b, placedBy: 'hand' }, 'kept_by_hand a'],
    ['by hand, where the rule leads', { organizationId: a, placedBy: 'hand' }, 'in_step'],
  ])('%s', (_name, here, expected) => {
    expect(decide(subject({ here }), byDomain(a))).toBe(expected);
  });

  test('a rule that may moves people placed or removed by hand', () => {
    const moving = { ...byDomain(a), movesHandPlaced: true };
    expect(decide(subject({ here: { organizationId: b, placedBy: 'hand' } }), moving)).toBe('moved a');
    expect(decide(subject({ wasRemoved: true }), moving)).toBe('added a');
  });

  test('who no rule matches any more, or whom the directory lost, is told of and stays', () => {
    const here = { organizationId: a, placedBy: 'rule' } as const;
    expect(decide(subject({ here }), byDomain(a, 'other.com'))).toBe('leaving no_rule');
    expect(decide(subject({ here, person: undefined }), byDomain(a))).toBe('leaving not_in_directory');
  });

  test('whom the directory lost is told of where a rule leads, also if placed by hand, and nowhere else', () => {
    const gone = (organizationId: OrganizationId) =>
      subject({ person: undefined, here: { organizationId, placedBy: 'hand' } });
    expect(decide(gone(a), byDomain(a))).toBe('leaving not_in_directory');
    expect(decide(gone(b), byDomain(a))).toBe('in_step');
  });
});

describe('the order of rules', () => {
  const both = someone({ groupIds: new Set([sales]) });

  test('the first that matches decides', () => {
    expect(decide(subject({ person: both }), byGroup(b), byDomain(a))).toBe('added b');
    expect(decide(subject({ person: both }), byDomain(a), byGroup(b))).toBe('added a');
  });

  test('a later rule that matches too is a conflict where it leads elsewhere', () => {
    const rules = [byDomain(a), byGroup(b), byGroup(a, research)];
    const person = someone({ groupIds: new Set([sales, research]) });
    expect(matchPerson(person, rules, new Set())).toMatchObject({ conflicts: [{ organizationId: b }] });
  });

  test('a group that was never read leaves undecided what it could decide, and nothing before it', () => {
    const unread = new Set([sales]);
    const placed = subject({ here: { organizationId: c, placedBy: 'rule' } });
    const kindOf = (...rules: AssignmentRule[]) => decideAssignment(placed, { rules, unread }).kind;
    expect(kindOf(byGroup(b), byDomain(a))).toBe('undecided');
    expect(kindOf(byDomain(a), byGroup(b))).toBe('moved');
    expect(decideAssignment(subject(), { rules: [byGroup(b), byDomain(a)], unread }).kind).toBe('in_step');
  });
});

test('the same rules are the same in the same order with the same conditions', () => {
  const rules = [byDomain(a), byGroup(b)];
  expect(areSameRules(rules, structuredClone(rules))).toBe(true);
  expect(areSameRules(rules, [...rules].reverse())).toBe(false);
  expect(areSameRules(rules, rules.slice(1))).toBe(false);
  expect(areSameRules(rules, [byDomain(a), { ...byGroup(b), movesHandPlaced: true }])).toBe(false);
});

test('whatever the rules: nobody placed by hand is moved unless a rule may, and following the rules twice changes nothing', () => {
  const conditions = fc.oneof(
    fc.record({ kind: fc.constant('domain' as const), domain: fc.constantFrom('contoso.com', 'other.com') }),
    fc.record({ kind: fc.constant('group' as const), groupId: fc.constantFrom(sales, research) }),
  );
  const organizations = fc.constantFrom(a, b, c);
  const rules = fc.array(
    fc.record({
      id: fc.string() as fc.Arbitrary<AssignmentRuleId>,
      organizationId: organizations,
      condition: conditions,
      movesHandPlaced: fc.boolean(),
    }),
    { maxLength: 5 },
  );
  const people = fc.record({
    mail: fc.constantFrom(null, 'x@contoso.com', 'x@other.com'),
    isGuest: fc.boolean(),
    groupIds: fc.subarray([sales, research]).map((ids) => new Set(ids)),
  });
  const subjects = fc.record({
    person: fc.option(people, { nil: undefined }),
    here: fc.option(
      fc.record({ organizationId: organizations, placedBy: fc.constantFrom('rule' as const, 'hand' as const) }),
      { nil: undefined },
    ),
    wasRemoved: fc.boolean(),
  });
  fc.assert(
    fc.property(subjects, rules, fc.subarray([sales, research]), (of, given, unread) => {
      const effect = { rules: given, unread: new Set(unread) };
      const decision = decideAssignment(of, effect);
      if (decision.kind !== 'moved' && decision.kind !== 'added') return;
      const isByHand = of.here ? of.here.placedBy === 'hand' : of.wasRemoved;
      expect(isByHand && !decision.rule.movesHandPlaced).toBe(false);
      const followed = {
        ...of,
        here: { organizationId: decision.rule.organizationId, placedBy: 'rule' as const },
        wasRemoved: false,
      };
      expect(isSameDecision(decideAssignment(followed, effect), { kind: 'in_step' })).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});
