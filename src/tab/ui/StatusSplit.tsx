import { Link, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { AccessCounts } from '../../contract/access-counts.ts';
import { type AccessStatus, accessStatuses } from '../../domain/mailbox-access/verdict.ts';
import { useFormat, useTexts } from '../texts/texts-context.tsx';
import { StatusLabel } from './StatusLabel.tsx';
import { statusAppearance } from './status-appearance.ts';

interface Props {
  readonly counts: AccessCounts;
  /** What the whole bar stands for; more than the counts' sum while a check is running. */
  readonly total: number;
  /** Says aloud how full the bar is; without it, only the words under the bar are read. */
  readonly progressLabel?: string;
  readonly onOpen?: (status: AccessStatus) => void;
  readonly hrefOf?: (status: AccessStatus) => string;
}

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalS },
  bar: {
    display: 'flex',
    gap: '2px',
    height: '16px',
    borderRadius: tokens.borderRadiusMedium,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground4,
  },
  part: {
    height: '100%',
    minWidth: '4px',
    padding: 0,
    border: 'none',
    '@media (forced-colors: active)': { forcedColorAdjust: 'none', border: '1px solid CanvasText' },
  },
  open: { cursor: 'pointer' },
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL}`,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  entry: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  count: { fontVariantNumeric: 'tabular-nums' },
});

/** Mailboxes by status: one bar, and under it the same as words, which are also the way to the users. */
export function StatusSplit({ counts, total, progressLabel, onOpen, hrefOf }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { number } = useFormat();
  const present = accessStatuses.filter((status) => counts[status] > 0);
  const partOf = (status: AccessStatus) => ({
    width: `${(100 * counts[status]) / Math.max(total, 1)}%`,
    backgroundColor: statusAppearance[status].fill,
  });

  return (
    <div className={styles.root}>
      {progressLabel ? (
        <div
          className={styles.bar}
          role="progressbar"
          aria-label={progressLabel}
          aria-valuemin={0}
          aria-valuenow={present.reduce((sum, status) => sum + counts[status], 0)}
          aria-valuemax={total}
        >
          {present.map((status) => (
            <span key={status} className={styles.part} style={partOf(status)} />
          ))}
        </div>
      ) : (
        // The words below say the same and are what a keyboard reaches.
        <div className={styles.bar} aria-hidden>
          {present.map((status) => (
            <button
              key={status}
              type="button"
              tabIndex={-1}
              className={mergeClasses(styles.part, onOpen && styles.open)}
              style={partOf(status)}
              title={`${texts.status[status]}: ${number(counts[status])}`}
              onClick={() => onOpen?.(status)}
            />
          ))}
        </div>
      )}
      <ul className={styles.legend} aria-label={texts.overview.split}>
        {present.map((status) => {
          const words = (
            <>
              <StatusLabel status={status} /> <span className={styles.count}>{number(counts[status])}</span>
            </>
          );
          return (
            <li key={status}>
              {onOpen && hrefOf ? (
                <Link
                  className={styles.entry}
                  appearance="subtle"
                  href={hrefOf(status)}
                  aria-label={texts.overview.openUsers(texts.status[status], counts[status])}
                  onClick={(event) => {
                    event.preventDefault();
                    onOpen(status);
                  }}
                >
                  {words}
                </Link>
              ) : (
                <span className={styles.entry}>{words}</span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
