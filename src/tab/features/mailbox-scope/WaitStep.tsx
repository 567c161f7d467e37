import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { useNow } from '../../ui/Moment.tsx';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Until when Microsoft may take, and that nothing is to do. */
export function WaitStep({ expectedBy }: { expectedBy: string | null }) {
  const styles = useStyles();
  const { change: words } = useTexts().scope;
  const format = useFormat();
  const now = useNow();
  const secondsLeft = expectedBy ? (Date.parse(expectedBy) - now) / 1000 : 0;
  const time = expectedBy && format.dateTime(expectedBy);
  return (
    <div className={styles.root}>
      <Text title={expectedBy ? format.utc(expectedBy) : undefined}>
        {!time && words.waitUnknown}
        {time && (secondsLeft > 0 ? words.wait(time, leftOf(secondsLeft, format.duration)) : words.waitOver(time))}
      </Text>
      <Text className={styles.quiet}>{words.waitText}</Text>
    </div>
  );
}

/** Hours and minutes, such as `1 hr 12 min`. */
function leftOf(seconds: number, duration: (seconds: number) => string): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 && duration(hours * 3_600), rest > 0 && duration(rest * 60)].filter(Boolean).join(' ');
}
