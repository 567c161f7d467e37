import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
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
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { InfoFilled } from '@fluentui/react-icons/svg/info';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { ScopeChange } from '../../../contract/mailbox-scope.ts';
import type { StepOutcome } from '../../../domain/exchange-plan/plan-result.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';

const good = { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 };
const bad = { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 };
const looks = {
  changed: good,
  already_there: good,
  passed: good,
  read: good,
  would_change: { Icon: InfoFilled, color: tokens.colorPaletteBlueForeground2 },
  failed: bad,
  error: { Icon: WarningFilled, color: tokens.colorPaletteRedForeground1 },
  not_run: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
} as const satisfies Record<StepOutcome, unknown>;

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXS },
  row: { height: '44px' },
  step: { display: 'grid', paddingBlock: tokens.spacingVerticalS, minWidth: 0, overflowWrap: 'anywhere' },
  outcome: { width: '144px', '@media (max-width: 480px)': { width: '104px' } },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  readonly report: ScopeChange['report'];
  /** Behind its title, where something else is next. */
  readonly isFolded?: boolean;
}

/** What the last script or run did, step by step. */
export function StepReport({ report, isFolded = false }: Props) {
  const styles = useStyles();
  const { report: words } = useTexts().scope;
  if (isFolded) {
    return (
      <Accordion collapsible>
        <AccordionItem value="report">
          <AccordionHeader size="small">{words.title}</AccordionHeader>
          <AccordionPanel>
            <ReportTable report={report} />
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    );
  }
  return (
    <div className={styles.root}>
      <Text weight="semibold">{words.title}</Text>
      <ReportTable report={report} />
    </div>
  );
}

function ReportTable({ report }: Pick<Props, 'report'>) {
  const styles = useStyles();
  const { report: words } = useTexts().scope;
  return (
    <Table size="small" aria-label={words.title}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{words.step}</TableHeaderCell>
          <TableHeaderCell className={styles.outcome}>{words.outcome}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {report.map(({ kind, subject, outcome, detail }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a report is never reordered, and steps may look alike
          <TableRow key={index} className={styles.row}>
            <TableCell>
              <div className={styles.step}>
                <span>
                  {words.kind[kind] ?? kind}: {subject}
                </span>
                {detail && (
                  <Text size={200} className={styles.quiet}>
                    {detail}
                  </Text>
                )}
              </div>
            </TableCell>
            <TableCell className={styles.outcome}>
              <IconLabel {...looks[outcome]}>{words.outcomes[outcome]}</IconLabel>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
