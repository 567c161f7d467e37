import { makeStyles, tokens } from '@fluentui/react-components';
import type { AccessCounts } from '../../contract/access-counts.ts';
import { accessStatuses } from '../../domain/mailbox-access/verdict.ts';
import { useFormat, useTexts } from '../texts/texts-context.tsx';
import { statusAppearance } from './status-appearance.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    fontVariantNumeric: 'tabular-nums',
  },
  part: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXXS },
});

/** Mailboxes by status in one cell: icons and numbers, read aloud with their words. */
export function MailboxSplit({ counts }: { counts: AccessCounts }) {
  const styles = useStyles();
  const { status: words, common } = useTexts();
  const { number } = useFormat();
  const present = accessStatuses.filter((status) => counts[status] > 0);
  if (present.length === 0) return common.none;
  return (
    <span className={styles.root}>
      {present.map((status) => {
        const { Icon, color } = statusAppearance[status];
        return (
          <span key={status} className={styles.part} title={words[status]}>
            <Icon style={{ color }} role="img" aria-label={words[status]} />
            {number(counts[status])}
          </span>
        );
      })}
    </span>
  );
}
