import { makeStyles, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { useTexts } from '../texts/texts-context.tsx';
import { useIsLate } from './use-is-late.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalM },
  text: { color: tokens.colorNeutralForeground2 },
});

/** What stands where an answer is awaited: shapes at once, a sentence after two seconds. */
export function Waiting({ rows = 4, size = 40 }: { rows?: number; size?: 16 | 40 | 96 }) {
  const styles = useStyles();
  const { boot, common } = useTexts();
  const isLate = useIsLate();
  return (
    <Skeleton className={styles.root} aria-label={boot.starting}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes are all alike
        <SkeletonItem key={row} size={size} />
      ))}
      <Text role="status" className={styles.text}>
        {isLate ? common.stillLoading : ''}
      </Text>
    </Skeleton>
  );
}
