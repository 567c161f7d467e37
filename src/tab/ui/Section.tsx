import { makeStyles, Subtitle2, tokens } from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';

interface Props {
  readonly title: string;
  /** For links within the page (`go-to-section.ts`). */
  readonly anchor?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingVerticalM,
    scrollMarginTop: '64px',
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
    minHeight: '32px',
  },
  title: { outline: 'none' },
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

export function Section({ title, anchor, actions, children }: Props) {
  const styles = useStyles();
  const titleId = useId();
  return (
    <section className={styles.root} id={anchor} aria-labelledby={titleId}>
      <div className={styles.head}>
        <Subtitle2 as="h2" id={titleId} tabIndex={anchor ? -1 : undefined} className={styles.title}>
          {title}
        </Subtitle2>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
