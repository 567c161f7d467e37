import {
  Button,
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
import { useState } from 'react';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Section } from '../../ui/Section.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { subjectOf } from './check-subject.ts';
import { TrendChart } from './TrendChart.tsx';
import { useCheckTrend } from './use-check-trend.ts';

const useStyles = makeStyles({
  panel: { display: 'grid', gap: tokens.spacingVerticalM, overflowX: 'auto' },
  action: { justifySelf: 'start' },
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL}`,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  entry: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  swatch: {
    width: '12px',
    height: '12px',
    borderRadius: tokens.borderRadiusSmall,
    '@media (forced-colors: active)': { forcedColorAdjust: 'none', border: '1px solid CanvasText' },
  },
  number: { fontVariantNumeric: 'tabular-nums' },
});

/** How the split by status has moved over the last checks; nothing before there are two to compare. */
export function CheckTrend() {
  const { data: checks = [] } = useCheckTrend();
  const [first, last] = [checks[0], checks.at(-1)];
  if (!first || !last || first === last) return null;
  return <Trend checks={checks} first={first} last={last} />;
}

interface Props {
  readonly checks: readonly ConnectivityCheck[];
  readonly first: ConnectivityCheck;
  readonly last: ConnectivityCheck;
}

function Trend({ checks, first, last }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.check.trend;
  const format = useFormat();
  const [isTable, setTable] = useState(false);
  const share = ({ counts, done }: ConnectivityCheck) => ({ working: counts.working, of: done });
  const label = words.label(checks.length, subjectOf(last, texts), share(first), share(last));
  const present = accessStatuses.filter((status) => checks.some(({ counts }) => counts[status] > 0));
  return (
    <Section title={words.title}>
      <Panel className={styles.panel}>
        {/* Chart and table are called so. */}
        <Text aria-hidden>{label}.</Text>
        {isTable ? (
          <Table size="small" aria-label={label}>
            <TableHeader>
              <TableRow>
                <TableHeaderCell>{words.when}</TableHeaderCell>
                {present.map((status) => (
                  <TableHeaderCell key={status}>{texts.status[status]}</TableHeaderCell>
                ))}
              </TableRow>
            </TableHeader>
            <TableBody>
              {checks.map(({ id, counts, finishedAt, createdAt }) => (
                <TableRow key={id}>
                  <TableCell>
                    <Moment at={finishedAt ?? createdAt} />
                  </TableCell>
                  {present.map((status) => (
                    <TableCell key={status} className={styles.number}>
                      {format.number(counts[status])}
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        ) : (
          <>
            <TrendChart checks={checks} label={label} />
            <ul className={styles.legend} aria-hidden>
              {present.map((status) => (
                <li key={status} className={styles.entry}>
                  <span className={styles.swatch} style={{ backgroundColor: statusAppearance[status].fill }} />
                  {texts.status[status]}
                </li>
              ))}
            </ul>
          </>
        )}
        <Button className={styles.action} size="small" onClick={() => setTable(!isTable)}>
          {isTable ? words.asChart : words.asTable}
        </Button>
      </Panel>
    </Section>
  );
}
