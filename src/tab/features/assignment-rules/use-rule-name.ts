import type { AssignmentRule } from '../../../contract/assignment-rules.ts';
import { useTexts } from '../../texts/texts-context.tsx';

/** What a rule says, as a phrase. */
export function useRuleName(): (rule: Pick<AssignmentRule, 'condition'>) => string {
  const { assignmentRules: words } = useTexts();
  return ({ condition }) =>
    condition.kind === 'domain' ? words.ruleOf('domain', condition.domain) : words.ruleOf('group', condition.groupName);
}
