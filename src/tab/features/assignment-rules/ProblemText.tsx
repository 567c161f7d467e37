import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { AssignmentProblem } from '../../../domain/assignment-rules/rule-problem.ts';
import { useTexts } from '../../texts/texts-context.tsx';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    gap: tokens.spacingHorizontalXS,
    '& svg': { marginBlockStart: '2px', fontSize: '16px', color: tokens.colorPaletteYellowForeground2 },
  },
});

/** What could not be read, what that means, and what to do. */
export function ProblemText({ problem }: { problem: AssignmentProblem }) {
  const styles = useStyles();
  const { assignmentRules: words } = useTexts();
  const { title, remedy } = words.problem[problem];
  return (
    <span className={styles.root}>
      <WarningFilled aria-hidden />
      <Text>
        {title} {remedy}
      </Text>
    </span>
  );
}
