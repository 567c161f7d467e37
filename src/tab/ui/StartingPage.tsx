import { makeStyles, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { useTexts } from '../texts/texts-context.tsx';
import { useIsLate } from './use-is-late.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalXXL },
  tabs: {
    display: 'flex',
    gap: tokens.spacingHorizontalXXL,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  tab: { width: '80px' },
  page: {
    display: 'grid',
    gap: tokens.spacingVerticalL,
    width: '100%',
    maxWidth: '1280px',
    marginInline: 'auto',
    paddingInline: tokens.spacingHorizontalXXL,
    boxSizing: 'border-box',
  },
  title: { width: '40%' },
});

/** The shell's outline while host, sign-in and application load: the same places as the static page before it. */
export function StartingPage({ lateText }: { lateText?: string }) {
  const styles = useStyles();
  const { boot } = useTexts();
  const isLate = useIsLate();
  return (
    <Skeleton as="div" className={styles.root} role="main" aria-label={boot.signingIn}>
      <div className={styles.tabs}>
        {['overview', 'organizations', 'users', 'connectivity', 'leaving-ews', 'activity'].map((name) => (
          <SkeletonItem key={name} className={styles.tab} size={16} />
        ))}
      </div>
      <div className={styles.page}>
        <SkeletonItem className={styles.title} size={32} />
        <SkeletonItem size={16} />
        <SkeletonItem size={128} />
        <Text role="status">{isLate ? (lateText ?? boot.slow) : ''}</Text>
      </div>
    </Skeleton>
  );
}
