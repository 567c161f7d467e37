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
import type { ReactNode } from 'react';
import type { Answer } from '../../../../contract/endpoint.ts';
import { reasonWords } from '../../../../contract/reasons.ts';
import type { getUserHistory } from '../../../../contract/users.ts';
import type { CheckId, CommandRunId } from '../../../../domain/ids.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { StatusLabel } from '../../../ui/StatusLabel.tsx';

type History = Answer<typeof getUserHistory>;

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  when: { width: '112px' },
  status: { width: '176px' },
  cell: { paddingBlock: tokens.spacingVerticalXS, overflowWrap: 'anywhere' },
});

interface VerdictsProps {
  readonly verdicts: History['verdicts'];
  readonly checkLinkOf: (checkId: CheckId, words: ReactNode) => ReactNode;
}

/** What each check found, newest first. */
export function VerdictHistory({ verdicts, checkLinkOf }: VerdictsProps) {
  const styles = useStyles();
  const { users } = useTexts();
  const words = users.details;
  if (verdicts.length === 0) return <Text className={styles.quiet}>{words.noVerdicts}</Text>;
  return (
    <Table size="small" aria-label={words.verdicts}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.when}>{words.when}</TableHeaderCell>
          <TableHeaderCell className={styles.status}>{words.status}</TableHeaderCell>
          <TableHeaderCell>{words.reason}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {verdicts.map(({ checkId, status, reason, at }) => (
          <TableRow key={checkId}>
            <TableCell className={styles.when}>{checkLinkOf(checkId, <Moment at={at} />)}</TableCell>
            <TableCell className={styles.status}>
              <StatusLabel status={status} />
            </TableCell>
            <TableCell className={styles.cell}>{reasonWords[reason].title}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

interface AuditProps {
  readonly audit: History['audit'];
  readonly runLinkOf: (runId: CommandRunId, words: string) => ReactNode;
}

/** What was done to the user and by whom, alone or together with others, newest first. */
export function UserAudit({ audit, runLinkOf }: AuditProps) {
  const styles = useStyles();
  const { activity, users, userCommands } = useTexts();
  const words = users.details;
  if (audit.length === 0) return <Text className={styles.quiet}>{words.noAudit}</Text>;

  const sayWhat = (what: History['audit'][number]['what']) => {
    if (what.kind === 'activity') return activity.type[what.type];
    const command = what.target ? `${users.commands[what.command]}: ${what.target}` : users.commands[what.command];
    return (
      <>
        {runLinkOf(what.runId, command)}{' '}
        <span className={styles.quiet}>{userCommands.outcome[what.outcome].title}</span>
      </>
    );
  };
  return (
    <Table size="small" aria-label={words.audit}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.when}>{activity.columns.when}</TableHeaderCell>
          <TableHeaderCell>{activity.columns.what}</TableHeaderCell>
          <TableHeaderCell className={styles.status}>{activity.columns.who}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {audit.map(({ at, by, what }) => (
          <TableRow key={`${at} ${what.kind} ${what.kind === 'activity' ? what.type : what.runId}`}>
            <TableCell className={styles.when}>
              <Moment at={at} />
            </TableCell>
            <TableCell className={styles.cell}>{sayWhat(what)}</TableCell>
            <TableCell className={styles.cell}>{by ?? activity.service}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
