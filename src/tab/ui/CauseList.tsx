import { Link, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Cause } from '../../contract/access-counts.ts';
import { reasonWords } from '../../contract/reasons.ts';
import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { statusAppearance } from './status-appearance.ts';

interface Props {
  readonly label: string;
  readonly causes: readonly Cause[];
  /** The way to the users behind a cause, where there is one. */
  readonly hrefOf?: (status: AccessStatus) => string;
  readonly onOpen?: (status: AccessStatus) => void;
}

const useStyles = makeStyles({
  root: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  cause: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) auto',
    alignItems: 'start',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalM,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    ':first-child': { borderTop: 'none' },
    '& svg': { fontSize: '20px' },
  },
  words: { display: 'grid', gap: tokens.spacingVerticalXXS, minWidth: 0 },
  bar: {
    height: '4px',
    minWidth: '2px',
    maxWidth: '100%',
    borderRadius: tokens.borderRadiusSmall,
    '@media (forced-colors: active)': { forcedColorAdjust: 'none', border: '1px solid CanvasText' },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Why mailboxes are not working: how many, in words and as a bar against the most frequent cause, who can fix it, and how. */
export function CauseList({ label, causes, hrefOf, onOpen }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.overview;
  const most = Math.max(...causes.map(({ count }) => count));
  return (
    <ul className={styles.root} aria-label={label}>
      {causes.map(({ reason, status, count }) => {
        const { title, remedy, fixedBy } = reasonWords[reason];
        const { Icon, color, fill } = statusAppearance[status];
        return (
          <li key={`${reason} ${status}`} className={styles.cause}>
            <Icon style={{ color }} role="img" aria-label={texts.status[status]} />
            <div className={styles.words}>
              <Text weight="semibold">{words.cause(count, title)}</Text>
              <span
                aria-hidden
                className={styles.bar}
                style={{ width: `${(240 * count) / most}px`, background: fill }}
              />
              <Text>{remedy}</Text>
              <Text size={200} className={styles.quiet}>
                {words.fixedBy(texts.fixedBy[fixedBy])}
              </Text>
            </div>
            {hrefOf && onOpen && (
              <Link
                href={hrefOf(status)}
                aria-label={`${words.showUsers}: ${words.cause(count, title)}`}
                onClick={(event) => {
                  event.preventDefault();
                  onOpen(status);
                }}
              >
                {words.showUsers}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}
