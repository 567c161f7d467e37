import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { AssignedPerson } from '../../../contract/assignment-rules.ts';
import type { AssignmentOutcome } from '../../../domain/assignment-rules/decide.ts';
import type { AssignmentRunId, OrganizationId, UserId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { useAssignedPeople } from './use-assignment-rules.ts';

interface Props {
  readonly runId: AssignmentRunId;
  readonly outcome: AssignmentOutcome;
  readonly organizationId: OrganizationId | undefined;
  readonly label: string;
  readonly linkOf: ((userId: UserId, name: string) => ReactNode) | undefined;
}

const useStyles = makeStyles({
  list: { display: 'grid', maxHeight: '320px', margin: 0, padding: 0, overflowY: 'auto', listStyleType: 'none' },
  person: { paddingBlock: tokens.spacingVerticalXS, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
  more: { justifySelf: 'start' },
});

/** People by name, with why and from where to where. */
export function AssignedPeople({ runId, outcome, organizationId, label, linkOf }: Props) {
  const styles = useStyles();
  const { assignmentRules: words } = useTexts();
  const query = useAssignedPeople(runId, outcome, organizationId);

  const factsOf = ({ address, reason, fromOrganizationName, organizationName }: AssignedPerson) =>
    [
      address,
      reason && words.reason[reason],
      fromOrganizationName && words.from(fromOrganizationName),
      !organizationId && fromOrganizationName && organizationName && words.into(organizationName),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <QueryView query={query}>
      {(people) => (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
          <ul className={styles.list} aria-label={label} tabIndex={0}>
            {people.map((person) => (
              <li key={person.userId} className={styles.person}>
                {linkOf ? linkOf(person.userId, person.displayName) : <Text>{person.displayName}</Text>}{' '}
                <Text size={200} className={styles.quiet}>
                  {factsOf(person)}
                </Text>
              </li>
            ))}
          </ul>
          {query.hasNextPage && (
            <Button
              className={styles.more}
              size="small"
              disabledFocusable={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {words.more}
            </Button>
          )}
        </>
      )}
    </QueryView>
  );
}
