import { makeStyles, Text, Title3, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** One line under the title. */
  readonly facts?: ReactNode;
  /** What can be done here, at the upper right. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    flexGrow: 1,
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    minHeight: '40px',
  },
  words: { display: 'grid', minWidth: 0 },
  title: { overflowWrap: 'anywhere' },
  facts: { color: tokens.colorNeutralForeground2 },
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

/** Title and facts at the start, actions at the upper right, content below. */
export function Page({ title, facts, actions, children }: Props) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <header className={styles.head}>
        <div className={styles.words}>
          <Title3 as="h1" className={styles.title}>
            {title}
          </Title3>
          {facts && <Text className={styles.facts}>{facts}</Text>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
