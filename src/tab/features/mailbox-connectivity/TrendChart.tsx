import { makeStyles, tokens } from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';

interface Props {
  /** Oldest first, none of them empty. */
  readonly checks: readonly ConnectivityCheck[];
  /** Says the same in a sentence. */
  readonly label: string;
}

const barWidth = 24;
const gap = 8;
const height = 120;

const useStyles = makeStyles({
  chart: { display: 'block', width: '100%', maxWidth: '480px', height: '120px' },
  part: {
    stroke: tokens.colorNeutralBackground1,
    strokeWidth: '1px',
    '@media (forced-colors: active)': { forcedColorAdjust: 'none', stroke: 'CanvasText' },
  },
});

/** A bar per check, each as high as all its mailboxes: the parts are shares, so that a grown tenant reads the same. */
export function TrendChart({ checks, label }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { number } = useFormat();
  const width = checks.length * (barWidth + gap) - gap;
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMinYMid meet"
      role="img"
      aria-label={label}
    >
      {checks.map(({ id, counts, done }, index) => {
        let below = height;
        // Working at the bottom, as the ground that the others stand on.
        return accessStatuses.toReversed().map((status) => {
          const partHeight = (height * counts[status]) / done;
          below -= partHeight;
          return (
            partHeight > 0 && (
              <rect
                key={`${id} ${status}`}
                className={styles.part}
                style={{ fill: statusAppearance[status].fill }}
                x={index * (barWidth + gap)}
                y={below}
                width={barWidth}
                height={partHeight}
              >
                <title>{`${texts.status[status]}: ${number(counts[status])}`}</title>
              </rect>
            )
          );
        });
      })}
    </svg>
  );
}
