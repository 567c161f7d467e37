import { makeStyles, tokens } from '@fluentui/react-components';
import { type MailboxState, mailboxStates } from '../../domain/mailbox-sync/mailbox-state.ts';
import { useFormat, useTexts } from '../texts/texts-context.tsx';
import { mailboxStateAppearance } from './MailboxStateLabel.tsx';

const useStyles = makeStyles({
  root: { display: 'flex', columnGap: tokens.spacingHorizontalM, fontVariantNumeric: 'tabular-nums' },
  part: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXXS },
});

/** Users by *Mailbox Status* in one cell: icons and numbers, read aloud with their words. */
export function MailboxStateSplit({ counts }: { counts: Readonly<Record<MailboxState, number>> }) {
  const styles = useStyles();
  const { mailboxStatus: words, common } = useTexts();
  const { number } = useFormat();
  const present = mailboxStates.filter((state) => counts[state] > 0);
  if (present.length === 0) return common.none;
  return (
    <span className={styles.root}>
      {present.map((state) => {
        const { Icon, color } = mailboxStateAppearance[state];
        return (
          <span key={state} className={styles.part} title={words[state]}>
            <Icon style={{ color }} role="img" aria-label={words[state]} />
            {number(counts[state])}
          </span>
        );
      })}
    </span>
  );
}
