import { makeStyles, tokens } from '@fluentui/react-components';
import type { ComponentType, ReactNode } from 'react';

interface Props {
  readonly Icon: ComponentType<{ style?: { color: string }; 'aria-hidden'?: boolean }>;
  readonly color: string;
  readonly children: ReactNode;
}

const useStyles = makeStyles({
  root: {
    display: 'inline-block',
    maxWidth: '100%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    verticalAlign: 'bottom',
    '& svg': { marginInlineEnd: tokens.spacingHorizontalXS, fontSize: '16px', verticalAlign: '-3px' },
  },
});

/** An icon and its word, as few elements as they can be: lists have many. The word keeps the text colour, so that it can be read in every theme. */
export function IconLabel({ Icon, color, children }: Props) {
  const styles = useStyles();
  return (
    <span className={styles.root}>
      <Icon style={{ color }} aria-hidden />
      {children}
    </span>
  );
}
