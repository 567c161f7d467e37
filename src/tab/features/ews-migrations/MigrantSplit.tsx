import { makeStyles, tokens } from '@fluentui/react-components';
import type { MigrationRing } from '../../../contract/ews-migrations.ts';
import { type MigrantState, migrantStates } from '../../../domain/ews-migration/migrant-state.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';

/** The look of the verdict that a state stands for. */
const lookOf = {
  on_graph: 'working',
  failed: 'blocked',
  untold: 'could_not_tell',
  switching: 'waiting',
  returned: 'limited',
  on_ews: 'not_checked',
  gone: 'not_checked',
} as const satisfies Record<MigrantState, AccessStatus>;

export const migrantLook = (state: MigrantState) => statusAppearance[lookOf[state]];

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalS },
  bar: {
    display: 'flex',
    gap: '2px',
    height: '12px',
    borderRadius: tokens.borderRadiusMedium,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground4,
  },
  part: {
    minWidth: '4px',
    '@media (forced-colors: active)': { forcedColorAdjust: 'none', border: '1px solid CanvasText' },
  },
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL}`,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    fontVariantNumeric: 'tabular-nums',
  },
});

/** Where the users of a ring are: a bar, and the same as words and numbers. */
export function MigrantSplit({ ring: { name, counts, total } }: { ring: MigrationRing }) {
  const styles = useStyles();
  const { migrantState: words, ring: ringWords } = useTexts().ews;
  const { number } = useFormat();
  const present = migrantStates.filter((state) => counts[state] > 0);
  return (
    <div className={styles.root}>
      <div className={styles.bar} aria-hidden>
        {present.map((state) => (
          <span
            key={state}
            className={styles.part}
            style={{
              width: `${(100 * counts[state]) / Math.max(total, 1)}%`,
              backgroundColor: migrantLook(state).fill,
            }}
          />
        ))}
      </div>
      <ul className={styles.legend} aria-label={ringWords[name]}>
        {present.map((state) => (
          <li key={state}>
            <IconLabel Icon={migrantLook(state).Icon} color={migrantLook(state).color}>
              {words[state]} {number(counts[state])}
            </IconLabel>
          </li>
        ))}
      </ul>
    </div>
  );
}
