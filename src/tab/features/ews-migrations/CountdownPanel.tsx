import { makeStyles, Subtitle1, Text, tokens } from '@fluentui/react-components';
import type { EwsCockpit } from '../../../contract/ews-migrations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Moment, useNow } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';

const useStyles = makeStyles({
  fact: { display: 'grid', gap: tokens.spacingVerticalXXS },
  bar: {
    height: '12px',
    borderRadius: tokens.borderRadiusMedium,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground4,
    '@media (forced-colors: active)': { border: '1px solid CanvasText' },
  },
  done: {
    height: '100%',
    backgroundColor: tokens.colorPaletteGreenBackground3,
    '@media (forced-colors: active)': { forcedColorAdjust: 'none' },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const dayMs = 86_400_000;

/** How many are left, and for how long: the answer in one sentence, the dates under it. */
export function CountdownPanel({ cockpit }: { cockpit: EwsCockpit }) {
  const styles = useStyles();
  const { countdown: words } = useTexts().ews;
  const now = useNow();
  const { onEws, users, disablementBegins, shutdown } = cockpit;
  const daysLeft = Math.ceil((Date.parse(shutdown) - now) / dayMs);
  const sentence = onEws === 0 ? words.nobody : daysLeft > 0 ? words.left(onEws, users, daysLeft) : words.over(onEws);
  const dated = (at: string, hint: string) => (
    <span className={styles.fact}>
      <Moment at={at} as="day" />
      <Text className={styles.quiet}>{hint}</Text>
    </span>
  );
  return (
    <Panel>
      <Subtitle1 as="h2">{sentence}</Subtitle1>
      {/* The sentence says the same. */}
      <div className={styles.bar} aria-hidden>
        <div className={styles.done} style={{ width: `${users === 0 ? 100 : (100 * (users - onEws)) / users}%` }} />
      </div>
      <FactList
        facts={[
          { name: words.disablement, value: dated(disablementBegins, words.disablementHint) },
          { name: words.shutdown, value: dated(shutdown, words.shutdownHint) },
        ]}
      />
    </Panel>
  );
}
