import { makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { ClockRegular } from '@fluentui/react-icons/svg/clock';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { useNow } from '../../ui/Moment.tsx';
import { StatusSplit } from '../../ui/StatusSplit.tsx';

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: tokens.spacingHorizontalM },
  facts: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  throttled: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
});

/** How far a running check is, what it has found, and what holds it up. */
export function CheckProgress({ check }: { check: ConnectivityCheck }) {
  const styles = useStyles();
  const { check: words } = useTexts();
  const format = useFormat();
  const now = useNow(1_000);
  const { done, total, mailboxesPerSecond: rate, throttledUntil, state } = check;
  const waitSeconds = throttledUntil ? Math.ceil((Date.parse(throttledUntil) - now) / 1000) : 0;
  const secondsLeft = rate ? (total - done) / rate : undefined;

  return (
    <>
      <div className={styles.head}>
        <Text weight="semibold">{words.title[state]}</Text>
        <Text className={styles.facts}>
          {[
            words.progress(done, total),
            rate && words.rate(format.rate(rate)),
            secondsLeft && secondsLeft > 1 && words.left(format.duration(secondsLeft)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
      {done > 0 ? (
        <StatusSplit counts={check.counts} total={total} progressLabel={words.title[state]} />
      ) : (
        <ProgressBar thickness="large" aria-label={words.title[state]} />
      )}
      {waitSeconds > 0 && (
        <Text className={styles.throttled}>
          <ClockRegular /> {words.throttled(format.duration(waitSeconds))}
        </Text>
      )}
      <Announcer text={words.announce(done, total)} />
    </>
  );
}
