import { makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { ClockRegular } from '@fluentui/react-icons/svg/clock';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { CauseList } from '../../ui/CauseList.tsx';
import { Moment, useNow } from '../../ui/Moment.tsx';
import { StatusSplit } from '../../ui/StatusSplit.tsx';
import { waitsForConsent } from './ConsentPausedBar.tsx';
import type { CheckLinks } from './check-links.ts';

interface Props {
  readonly check: ConnectivityCheck;
  readonly links: CheckLinks | undefined;
}

/** How many causes are worth reading before all is known. */
const firstCauses = 3;

const useStyles = makeStyles({
  facts: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  throttled: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
});

/** How far a check is, what it has found, and what holds it up. */
export function CheckProgress({ check, links }: Props) {
  const styles = useStyles();
  const { check: words } = useTexts();
  const format = useFormat();
  const now = useNow(1_000);
  const { done, total, state } = check;
  const isRunning = state === 'running';
  const rate = isRunning ? check.mailboxesPerSecond : null;
  const secondsLeft = rate ? (total - done) / rate : 0;
  const waitSeconds =
    isRunning && check.throttledUntil ? Math.ceil((Date.parse(check.throttledUntil) - now) / 1000) : 0;

  return (
    <>
      <Text className={styles.facts}>
        {[
          words.progress(done, total),
          rate && words.rate(format.rate(rate)),
          secondsLeft > 1 && words.left(format.duration(secondsLeft)),
        ]
          .filter(Boolean)
          .join(' · ')}
        {state === 'queued' && (
          <>
            {` · ${words.askedFor} `}
            <Moment at={check.createdAt} />
          </>
        )}
      </Text>
      {done > 0 || state === 'paused' ? (
        <StatusSplit counts={check.counts} total={total} progressLabel={words.title[state]} />
      ) : (
        <ProgressBar thickness="large" aria-label={words.title[state]} />
      )}
      {waitSeconds > 0 && (
        <Text className={styles.throttled}>
          <ClockRegular /> {words.throttled(format.duration(waitSeconds))}
        </Text>
      )}
      {state === 'paused' && !waitsForConsent(check) && <Text>{words.paused(total - done)}</Text>}
      {check.causes.length > 0 && (
        <CauseList label={words.causesSoFar} causes={check.causes.slice(0, firstCauses)} {...links} />
      )}
    </>
  );
}
