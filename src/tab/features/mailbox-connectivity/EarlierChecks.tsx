import {
  Link,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { MailboxSplit } from '../../ui/MailboxSplit.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { subjectOf } from './check-subject.ts';

interface Props {
  readonly checks: readonly ConnectivityCheck[];
  readonly hrefOf: (checkId: CheckId) => string;
  readonly onOpen: (checkId: CheckId) => void;
}

const useStyles = makeStyles({
  panel: { padding: 0, overflow: 'hidden' },
  row: { height: '44px', cursor: 'pointer' },
  when: { width: '104px' },
  subject: { display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  found: { width: '26%', '@media (max-width: 560px)': { display: 'none' } },
  by: { width: '16%', '@media (max-width: 900px)': { display: 'none' } },
  state: { width: '88px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The checks before, whoever started them: each row opens one. */
export function EarlierChecks({ checks, hrefOf, onOpen }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.check.earlier;
  const focusTarget = useRestoreFocusTarget();
  if (checks.length === 0) return <Text className={styles.quiet}>{words.none}</Text>;
  return (
    <Panel className={styles.panel}>
      <Table aria-label={words.title}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.when}>{words.columns.when}</TableHeaderCell>
            <TableHeaderCell>{words.columns.covers}</TableHeaderCell>
            <TableHeaderCell className={styles.found}>{words.columns.found}</TableHeaderCell>
            <TableHeaderCell className={styles.by}>{words.columns.by}</TableHeaderCell>
            <TableHeaderCell className={styles.state}>{words.columns.state}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {checks.map((check) => {
            const subject = subjectOf(check, texts);
            return (
              <TableRow key={check.id} className={styles.row} onClick={() => onOpen(check.id)}>
                <TableCell className={styles.when}>
                  <Moment at={check.finishedAt ?? check.createdAt} />
                </TableCell>
                <TableCell>
                  <Link
                    {...focusTarget}
                    className={styles.subject}
                    href={hrefOf(check.id)}
                    title={subject}
                    onClick={(event) => {
                      // With a key held, the browser opens it beside.
                      event.stopPropagation();
                      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                      event.preventDefault();
                      onOpen(check.id);
                    }}
                  >
                    {subject}
                  </Link>
                </TableCell>
                <TableCell className={styles.found}>
                  <MailboxSplit counts={check.counts} />
                </TableCell>
                <TableCell className={styles.by}>{check.startedBy.displayName}</TableCell>
                <TableCell className={styles.state}>{texts.check.state[check.state]}</TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Panel>
  );
}
