import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { AssignmentRule, AssignmentRun } from '../../../contract/assignment-rules.ts';
import { assignmentOutcomes } from '../../../domain/assignment-rules/decide.ts';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { OutcomeItem } from './OutcomeItem.tsx';
import { ProblemText } from './ProblemText.tsx';
import { useRuleName } from './use-rule-name.ts';

interface Props {
  readonly run: AssignmentRun;
  /** Only what it found of this organization; of all when absent. */
  readonly organizationId?: OrganizationId;
  readonly rules: readonly AssignmentRule[];
  readonly label: string;
  /** What to say when it found nothing. */
  readonly nothing: string;
  /** The way to somebody who is in an organization. */
  readonly userLinkOf: (userId: UserId, name: string) => ReactNode;
}

const useStyles = makeStyles({
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  conflict: { display: 'grid', paddingBlock: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What a run found: how many of each kind, with their names and what to do, and where rules contradict each other. */
export function RunResult({ run, organizationId, rules, label, nothing, userLinkOf }: Props) {
  const styles = useStyles();
  const { assignmentRules: words } = useTexts();
  const nameOf = useRuleName();
  if (run.problem) return <ProblemText problem={run.problem} />;
  if (run.state === 'failed') return <Text>{words.runFailed}</Text>;

  const isHere = (id: OrganizationId | null) => !organizationId || id === organizationId;
  const found = assignmentOutcomes.flatMap((outcome) => {
    const here = run.counts.filter((each) => each.outcome === outcome && isHere(each.organizationId));
    const people = here.reduce((sum, each) => sum + each.people, 0);
    return people > 0 ? [{ outcome, people }] : [];
  });
  const ruleOf = (id: AssignmentRule['id']) => rules.find((rule) => rule.id === id);
  const describe = (id: AssignmentRule['id']) => {
    const rule = ruleOf(id);
    return rule ? words.otherRule(nameOf(rule), rule.organizationName) : words.deletedRule;
  };
  const conflicts = run.conflicts.filter(({ ruleId, otherRuleId }) =>
    [ruleId, otherRuleId].some((id) => isHere(ruleOf(id)?.organizationId ?? null)),
  );
  return (
    <>
      {found.length === 0 && <Text>{nothing}</Text>}
      {found.length > 0 && (
        <ul className={styles.list} aria-label={label}>
          {found.map(({ outcome, people }) => (
            <OutcomeItem
              key={outcome}
              run={run}
              outcome={outcome}
              people={people}
              organizationId={organizationId}
              userLinkOf={userLinkOf}
            />
          ))}
        </ul>
      )}
      {conflicts.length > 0 && (
        <ul className={styles.list} aria-label={words.conflicts}>
          {conflicts.map(({ ruleId, otherRuleId, people, examples }) => (
            <li key={`${ruleId} ${otherRuleId}`} className={styles.conflict}>
              <Text weight="semibold">{words.conflict(people, describe(ruleId), describe(otherRuleId))}</Text>
              <Text className={styles.quiet}>{words.examples(examples.join(', '))}</Text>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
