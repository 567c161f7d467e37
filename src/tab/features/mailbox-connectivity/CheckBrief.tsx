import { makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { subjectOf } from './check-subject.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXS },
  facts: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

/** A check that goes on, in few words, for where it is not the subject. */
export function CheckBrief({ check }: { check: ConnectivityCheck }) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.check;
  const format = useFormat();
  const { state, done, total, mailboxesPerSecond: rate } = check;
  const secondsLeft = state === 'running' && rate ? (total - done) / rate : 0;
  return (
    <span className={styles.root}>
      <Text>
        {words.title[state]}: {subjectOf(check, texts)}
      </Text>
      <Text className={styles.facts}>
        {[words.progress(done, total), secondsLeft > 1 && words.left(format.duration(secondsLeft))]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      <ProgressBar value={done} max={Math.max(total, 1)} aria-label={words.title[state]} />
      <Announcer text={state === 'running' ? words.announce(done, total) : words.title[state]} />
    </span>
  );
}
