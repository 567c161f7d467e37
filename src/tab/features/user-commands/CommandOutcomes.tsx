import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { UserCommandResult, UserCommandRun } from '../../../contract/user-commands.ts';
import type { UserCommandOutcome } from '../../../domain/users/user-command.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { useCommandResults } from './use-command-runs.ts';

interface Props {
  readonly run: UserCommandRun;
  readonly userLinkOf: (result: UserCommandResult) => ReactNode;
}

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  panel: { display: 'grid', gap: tokens.spacingVerticalS, paddingBlockEnd: tokens.spacingVerticalM },
  list: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    maxHeight: '320px',
    overflowY: 'auto',
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalL,
  },
});

/** What became of how many, and behind each who they are. */
export function CommandOutcomes({ run, userLinkOf }: Props) {
  const styles = useStyles();
  const { userCommands: words } = useTexts();
  const { number } = useFormat();
  const [open, setOpen] = useState<readonly string[]>([]);
  if (run.outcomes.length === 0) return <Text className={styles.quiet}>{words.noResults}</Text>;
  return (
    <Accordion
      collapsible
      multiple
      openItems={[...open]}
      onToggle={(_, { openItems }) => setOpen(openItems as string[])}
    >
      {run.outcomes.map(({ outcome, count }) => (
        <AccordionItem key={outcome} value={outcome}>
          <AccordionHeader expandIconPosition="end">
            <IconLabel {...statusAppearance[looksOf(outcome)]}>
              {number(count)} · {words.outcome[outcome].title}
            </IconLabel>
          </AccordionHeader>
          <AccordionPanel>
            <div className={styles.panel}>
              {words.outcome[outcome].remedy && <Text>{words.outcome[outcome].remedy}</Text>}
              {run.isForgotten ? (
                <Text className={styles.quiet}>{words.forgotten}</Text>
              ) : (
                open.includes(outcome) && <UsersOf run={run} outcome={outcome} userLinkOf={userLinkOf} />
              )}
            </div>
          </AccordionPanel>
        </AccordionItem>
      ))}
    </Accordion>
  );
}

function UsersOf({ run, outcome, userLinkOf }: Props & { readonly outcome: UserCommandOutcome }) {
  const styles = useStyles();
  const { userCommands: words } = useTexts();
  const query = useCommandResults(run, outcome);
  return (
    <QueryView query={query}>
      {(results) => (
        <>
          <ul className={styles.list} aria-label={words.resultsOf(words.outcome[outcome].title)}>
            {results.map((result) => (
              <li key={result.userId}>{userLinkOf(result)}</li>
            ))}
          </ul>
          {query.hasNextPage && (
            <div>
              <Button disabledFocusable={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {words.more}
              </Button>
            </div>
          )}
        </>
      )}
    </QueryView>
  );
}

const looksOf = (outcome: UserCommandOutcome) =>
  outcome === 'done' ? 'working' : outcome === 'unchanged' ? 'not_checked' : 'blocked';
