import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
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
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ClockRegular } from '@fluentui/react-icons/svg/clock';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import type { ReactNode } from 'react';
import type { Organization } from '../../../../contract/organizations.ts';
import type { CheckId } from '../../../../domain/ids.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { wordsOfError } from '../../../ui/error-words.ts';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import type { CommandOutcome, OrganizationCommand } from './organization-commands.ts';

interface Props {
  readonly command: OrganizationCommand;
  readonly results: readonly { readonly organization: Organization; readonly outcome: CommandOutcome }[];
  readonly isRunning: boolean;
  /** The way to a check that was started. */
  readonly checkLinkOf: (organization: Organization, checkId: CheckId) => ReactNode;
  /** Leaves alone those whose turn has not come. */
  readonly onStop: () => void;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  table: { tableLayout: 'auto' },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
  cell: { verticalAlign: 'top', paddingBlock: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
});

const waiting = { Icon: ClockRegular, color: tokens.colorNeutralForeground3 };
const left = { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 };
const done = { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 };
const appearance = {
  waiting,
  running: waiting,
  unchanged: left,
  stopped: left,
  done,
  checking: done,
  refused: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
} satisfies Record<CommandOutcome['state'], unknown>;

/** What became of each organization, as it becomes known. */
export function CommandResultDialog({ command, results, isRunning, checkLinkOf, onStop, onClose }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.organizations;
  const settled = results.filter(({ outcome }) => outcome.state !== 'waiting' && outcome.state !== 'running');
  const refused = settled.filter(({ outcome }) => outcome.state === 'refused');

  const wordOf = (outcome: CommandOutcome) => {
    if (outcome.state === 'checking') {
      return outcome.isJoined ? words.outcome.joined : words.outcome.started(outcome.mailboxes);
    }
    if (outcome.state === 'refused') return wordsOfError(outcome.error, texts).title;
    if (outcome.state === 'done') return words.outcome[command === 'enableSync' ? 'enabled' : 'disabled'];
    return words.outcome[outcome.state];
  };
  return (
    <Dialog open onOpenChange={(_, data) => data.open || isRunning || onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.commands[command]}</DialogTitle>
          <DialogContent>
            <Text role="status">{words.progress(settled.length, results.length, refused.length)}</Text>
            <Table className={styles.table} aria-label={words.results}>
              <TableHeader>
                <TableRow>
                  <TableHeaderCell>{words.name}</TableHeaderCell>
                  <TableHeaderCell>{words.result}</TableHeaderCell>
                </TableRow>
              </TableHeader>
              <TableBody>
                {results.map(({ organization, outcome }) => (
                  <TableRow key={organization.id}>
                    <TableCell className={styles.cell}>{organization.name}</TableCell>
                    <TableCell className={styles.cell}>
                      <IconLabel {...appearance[outcome.state]}>{wordOf(outcome)}</IconLabel>
                      {outcome.state === 'refused' && (
                        <span className={styles.quiet}>{wordsOfError(outcome.error, texts).remedy}</span>
                      )}
                      {outcome.state === 'checking' && (
                        <span className={styles.quiet}>{checkLinkOf(organization, outcome.checkId)}</span>
                      )}
                    </TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </DialogContent>
          <DialogActions>
            {/* One button, so that the focus stays when there is nothing to stop any more. */}
            <Button appearance={isRunning ? 'secondary' : 'primary'} onClick={isRunning ? onStop : onClose}>
              {isRunning ? words.stop : texts.common.close}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
