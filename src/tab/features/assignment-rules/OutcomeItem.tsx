import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { AssignmentRun } from '../../../contract/assignment-rules.ts';
import type { AssignmentOutcome } from '../../../domain/assignment-rules/decide.ts';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { AssignedPeople } from './AssignedPeople.tsx';

interface Props {
  readonly run: AssignmentRun;
  readonly outcome: AssignmentOutcome;
  readonly people: number;
  readonly organizationId: OrganizationId | undefined;
  readonly userLinkOf: (userId: UserId, name: string) => ReactNode;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gap: tokens.spacingVerticalS,
    paddingBlock: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  words: { display: 'grid', flex: '1 1 240px', minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** How many came to the same, what to do about it, and who they are. */
export function OutcomeItem({ run, outcome, people, organizationId, userLinkOf }: Props) {
  const styles = useStyles();
  const { assignmentRules: words } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const title = (run.kind === 'preview' ? words.wouldBe : words.outcome)[outcome](people);
  const remedy = words.remedy[outcome];
  return (
    <li className={styles.root}>
      <div className={styles.line}>
        <div className={styles.words}>
          <Text weight="semibold">{title}</Text>
          {remedy && <Text className={styles.quiet}>{remedy}</Text>}
        </div>
        <Button
          size="small"
          appearance="subtle"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? words.hide : words.show}: ${title}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? words.hide : words.show}
        </Button>
      </div>
      {isOpen && (
        <AssignedPeople
          runId={run.id}
          outcome={outcome}
          organizationId={organizationId}
          label={title}
          // Who would only be added cannot be opened yet, and who cannot come neither.
          linkOf={
            outcome === 'not_eligible' || outcome === 'kept_out' || isComing(run, outcome) ? undefined : userLinkOf
          }
        />
      )}
    </li>
  );
}

const isComing = ({ kind }: AssignmentRun, outcome: AssignmentOutcome) => kind === 'preview' && outcome === 'added';
