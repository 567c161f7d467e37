import { makeStyles, tokens } from '@fluentui/react-components';
import type { ComponentType, ReactNode } from 'react';

interface Props {
  readonly Icon: ComponentType<{ style?: { color: string }; 'aria-hidden'?: boolean }>;
  readonly color: string;
  readonly children: ReactNode;
}

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minWidth: 0,
    maxWidth: '100%',
    verticalAlign: 'bottom',
    '& svg': { flexShrink: 0, fontSize: '16px' },
  },
  words: { overflow: 'hidden', textOverflow: 'ellipsis' },
});

/** An icon and its word. The word keeps the text colour, so that it can be read in every theme. */
export function IconLabel({ Icon, color, children }: Props) {
  const styles = useStyles();
  return (
    <span className={styles.root}>
      <Icon style={{ color }} aria-hidden />
      <span className={styles.words}>{children}</span>
    </span>
  );
}
