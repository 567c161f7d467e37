import { Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { WrenchFilled } from '@fluentui/react-icons/svg/wrench';
import { useId, useState } from 'react';
import type { Provisioning, ProvisioningRow } from '../../../contract/provisioning.ts';
import { verdictWords } from '../../../contract/provisioning-words.ts';
import { groupOfVerdict, type RowGroup } from '../../../domain/provisioning/row-verdict.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { useProvisioningRows } from './use-provisioning.ts';

interface Props {
  readonly provisioning: Provisioning;
  readonly group: Exclude<RowGroup, 'waiting'>;
}

const appearance = {
  ready: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  added: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  fixable: { Icon: WrenchFilled, color: tokens.colorPaletteYellowForeground2 },
  impossible: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  skipped: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
} as const;

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM, margin: 0 },
  list: { display: 'grid', gap: tokens.spacingVerticalXXS, margin: 0, padding: 0, listStyleType: 'none' },
  rows: { maxHeight: '220px', overflowY: 'auto' },
  remedy: { color: tokens.colorNeutralForeground2 },
  row: { overflowWrap: 'anywhere' },
});

/** One group of a pre-flight or a result: how many, why and what to do; on demand each line. */
export function VerdictGroup({ provisioning, group }: Props) {
  const styles = useStyles();
  const { addUsers: words } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const headingId = useId();
  const causes = provisioning.counts.filter(({ verdict }) => groupOfVerdict(verdict) === group);
  const count = causes.reduce((sum, cause) => sum + cause.count, 0);
  if (count === 0) return null;
  const { Icon, color } = appearance[group];
  return (
    <section className={styles.root} aria-labelledby={headingId}>
      <div className={styles.head}>
        <Text as="h4" weight="semibold" id={headingId} className={styles.head}>
          <IconLabel Icon={Icon} color={color}>
            {words.group[group](count)}
          </IconLabel>
        </Text>
        <Button size="small" appearance="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? words.hideRows : words.showRows}
        </Button>
      </div>
      <ul className={styles.list}>
        {[...causes]
          .sort((a, b) => b.count - a.count)
          .map(({ verdict, count: ofCause }) => (
            <li key={verdict}>
              <Text>{words.cause(ofCause, verdictWords[verdict].title)}</Text>{' '}
              {group !== 'ready' && group !== 'added' && (
                <Text size={200} className={styles.remedy}>
                  {verdictWords[verdict].remedy}
                </Text>
              )}
            </li>
          ))}
      </ul>
      {isOpen && <Rows provisioning={provisioning} group={group} />}
    </section>
  );
}

function Rows({ provisioning, group }: Props) {
  const styles = useStyles();
  const { addUsers: words, common } = useTexts();
  const query = useProvisioningRows(provisioning.id, group, true);
  if (query.error) return <ErrorBar error={query.error} onTryAgain={() => void query.refetch()} />;
  if (!query.data) return <Spinner size="tiny" label={common.stillLoading} />;
  const isFile = provisioning.source === 'csv';
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <ul className={`${styles.list} ${styles.rows}`} aria-label={words.rows[group]} tabIndex={0}>
        {query.data.map((row) => (
          <li key={row.line} className={styles.row}>
            {isFile && `${words.file.inLine(row.line)} `}
            {row.displayName ?? row.named}: {causeOf(row)}
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          size="small"
          appearance="subtle"
          disabledFocusable={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {words.loadMore}
        </Button>
      )}
    </>
  );

  function causeOf({ verdict, duplicateOf, organizationName }: ProvisioningRow): string {
    const { title } = verdictWords[verdict];
    if (duplicateOf !== null) return words.duplicateOf(duplicateOf);
    return organizationName === null ? title : `${title}: ${organizationName}`;
  }
}
