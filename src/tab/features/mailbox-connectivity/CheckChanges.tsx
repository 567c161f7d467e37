import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { useCheckComparison } from './use-connectivity-check.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalXS },
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL}`,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    fontWeight: tokens.fontWeightSemibold,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What a check found against the one before it: what is new comes first. Nothing while there is none to compare with. */
export function CheckChanges({ check }: { check: ConnectivityCheck }) {
  const styles = useStyles();
  const words = useTexts().check.change;
  const query = useCheckComparison(check);
  if (query.error) return <ErrorBar error={query.error} onTryAgain={() => void query.refetch()} />;
  if (!query.data?.earlier) return null;
  const { earlier, newly, added, gone } = query.data;
  const moved = [added > 0 && words.added(added), gone > 0 && words.gone(gone)].filter(Boolean).join(' ');
  const when = <Moment at={earlier.finishedAt} />;
  if (newly.length === 0) {
    return (
      <Text className={styles.quiet}>
        {words.nothing} {when}. {moved}
      </Text>
    );
  }
  return (
    <div className={styles.root}>
      <Text>
        {words.since} {when}:
      </Text>
      <ul className={styles.list} aria-label={words.label}>
        {newly.map(({ status, count }) => (
          <li key={status}>
            <IconLabel {...statusAppearance[status]}>{words.newly[status](count)}</IconLabel>
          </li>
        ))}
      </ul>
      {moved && <Text className={styles.quiet}>{moved}</Text>}
    </div>
  );
}
