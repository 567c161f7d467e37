import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { ScopePreview } from '../../../contract/mailbox-scope.ts';
import { stopsScope } from '../../../domain/mailbox-scope/scope-problem.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { useNameList } from './use-name-list.ts';

type Problem = ScopePreview['problems'][number];

interface Props {
  readonly label: string;
  readonly problems: readonly Problem[];
}

const looks = {
  stop: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  warn: { Icon: WarningFilled, color: tokens.colorPaletteYellowForeground2 },
} as const;

const useStyles = makeStyles({
  root: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: '144px minmax(0, 1fr)',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    ':first-child': { borderTop: 'none' },
    '@media (max-width: 480px)': { gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXXS },
  },
  words: { display: 'grid', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** What stands against a limit, in plain words, with what to do about each. */
export function ProblemList({ label, problems }: Props) {
  const styles = useStyles();
  const { scope: words } = useTexts();
  const nameList = useNameList();
  const sorted = [...problems].sort((a, b) => Number(stopsScope(b.problem)) - Number(stopsScope(a.problem)));
  return (
    <ul className={styles.root} aria-label={label}>
      {sorted.map(({ problem, names }) => {
        const weight = stopsScope(problem) ? 'stop' : 'warn';
        const { title, next } = words.problem[problem];
        return (
          <li key={problem} className={styles.item}>
            <span>
              <IconLabel {...looks[weight]}>{words.problemWeight[weight]}</IconLabel>
            </span>
            <div className={styles.words}>
              <Text weight="semibold">{title}</Text>
              {names.length > 0 && <Text className={styles.quiet}>{nameList(names)}</Text>}
              <Text>{next}</Text>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
