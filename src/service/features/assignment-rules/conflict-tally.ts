import type { AssignmentRun } from '../../../contract/assignment-rules.ts';
import type { RulesInEffect } from '../../../domain/assignment-rules/decide.ts';
import { matchPerson } from '../../../domain/assignment-rules/rule.ts';
import type { AssignmentRuleId } from '../../../domain/ids.ts';
import type { StoredSubject } from './subjects.store.ts';

const mostExamples = 5;

/**
 * Counts who is matched by rules that lead to different organizations, by pair.
 * @param only of a preview: pairs of this rule alone
 */
export function createConflictTally({ rules, unread }: RulesInEffect, only: AssignmentRuleId | null) {
  const pairs = new Map<string, AssignmentRun['conflicts'][number]>();
  return {
    add({ person, displayName }: StoredSubject): void {
      const match = person ? matchPerson(person, rules, unread) : undefined;
      if (match?.kind !== 'matched') return;
      const { id: ruleId } = match.rule;
      for (const { id: otherRuleId } of match.conflicts) {
        if (only && only !== ruleId && only !== otherRuleId) continue;
        const key = `${ruleId} ${otherRuleId}`;
        const pair = pairs.get(key) ?? { ruleId, otherRuleId, people: 0, examples: [] };
        const examples = pair.people < mostExamples ? [...pair.examples, displayName] : pair.examples;
        pairs.set(key, { ...pair, people: pair.people + 1, examples });
      }
    },
    conflicts: (): AssignmentRun['conflicts'] => [...pairs.values()].sort((one, other) => other.people - one.people),
  };
}
