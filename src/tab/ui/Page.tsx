import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';

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
  title: { overflowWrap: 'anywhere', outline: 'none' },
  facts: { color: tokens.colorNeutralForeground2 },
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

/**
 * Title and facts at the start, actions at the upper right, content below. Where what had the focus went with the page
 * before, the title has it; a tab that is only shown takes nothing from its host.
 */
export function Page({ title, facts, actions, children }: Props) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.hasFocus() && document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <div className={styles.root}>
      <header className={styles.head}>
        <div className={styles.words}>
          <Text as="h1" size={600} weight="semibold" ref={heading} tabIndex={-1} className={styles.title}>
            {title}
          </Text>
          {facts && <Text className={styles.facts}>{facts}</Text>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
