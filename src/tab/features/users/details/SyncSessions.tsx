import {
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components';
import { wordsOfSyncReason } from '../../../../contract/sync-reasons.ts';
import type { SyncSession } from '../../../../contract/users.ts';
import { useFormat, useTexts } from '../../../texts/texts-context.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { statusAppearance } from '../../../ui/status-appearance.ts';
import { useSourceWords } from './use-source-words.ts';

const looksOf = {
  queued: 'waiting',
  running: 'waiting',
  postponed: 'waiting',
  succeeded: 'working',
  failed: 'blocked',
} as const;

const useStyles = makeStyles({
  // Six columns do not fit into a narrow drawer; the table scrolls in its own frame, not the page.
  frame: { overflowX: 'auto' },
  table: { minWidth: '640px' },
  row: { height: '44px' },
  status: { width: '136px' },
  changes: { width: '72px', textAlign: 'end' },
  quiet: { color: tokens.colorNeutralForeground2 },
  about: { display: 'block', paddingBlockEnd: tokens.spacingVerticalS },
});

/** What each session found, newest first, with what stood in its way. */
export function SyncSessions({ sessions }: { sessions: readonly SyncSession[] }) {
  const styles = useStyles();
  const { users, sync: words } = useTexts();
  const format = useFormat();
  const sourceOf = useSourceWords();
  if (sessions.length === 0) return <Text className={styles.quiet}>{users.details.noSessions}</Text>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.frame} tabIndex={0} aria-label={words.table}>
      <Table className={styles.table} size="small" aria-label={words.table}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{words.columns.start}</TableHeaderCell>
            <TableHeaderCell>{words.columns.end}</TableHeaderCell>
            <TableHeaderCell className={styles.status}>{words.columns.status}</TableHeaderCell>
            <TableHeaderCell className={styles.changes}>{words.columns.changes}</TableHeaderCell>
            <TableHeaderCell>{words.columns.category}</TableHeaderCell>
            <TableHeaderCell>{words.columns.source}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {sessions.map((session) => (
            <TableRow key={session.id} className={styles.row}>
              <TableCell title={words.startedBy[session.startedBy]}>
                <Moment at={session.startedAt ?? session.requestedAt} as="dateTime" />
              </TableCell>
              <TableCell>{session.endedAt && <Moment at={session.endedAt} as="dateTime" />}</TableCell>
              <TableCell className={styles.status}>
                <IconLabel {...statusAppearance[looksOf[session.state]]}>{words.state[session.state]}</IconLabel>
              </TableCell>
              <TableCell className={styles.changes}>
                {session.state === 'succeeded' && format.number(session.changes)}
              </TableCell>
              <TableCell>{session.errorCategory && words.category[session.errorCategory]}</TableCell>
              <TableCell>{session.errorSource && sourceOf(session.errorSource)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {sessions.slice(0, 1).map((latest) => (
        <LatestWords key={latest.id} session={latest} />
      ))}
    </section>
  );
}

/** What the latest session says in words: its reason, what it read from the beginning, when it is tried again. */
function LatestWords({ session: { reason, restarted, retryAt } }: { session: SyncSession }) {
  const styles = useStyles();
  const { sync: words } = useTexts();
  const format = useFormat();
  const title = reason && wordsOfSyncReason(reason).title;
  return (
    <>
      {title && (
        <Text className={styles.about}>
          {title[0]?.toUpperCase()}
          {title.slice(1)}.{' '}
          {retryAt && (
            <span className={styles.quiet}>
              {words.triedAgain} <Moment at={retryAt} />.
            </span>
          )}
        </Text>
      )}
      {restarted.length > 0 && (
        <Text className={styles.about}>
          {words.startedOver(format.list(restarted.map((resource) => words.resource[resource])))}
        </Text>
      )}
    </>
  );
}
