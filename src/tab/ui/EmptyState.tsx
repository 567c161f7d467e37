import { makeStyles, Subtitle1, Text, tokens } from '@fluentui/react-components';
import type { ComponentType, ReactNode } from 'react';

interface Props {
  readonly Icon: ComponentType<{ className?: string }>;
  readonly title: string;
  readonly text: string;
  /** The one thing to do from here. */
  readonly action?: ReactNode;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    justifyItems: 'center',
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalXXL}`,
    textAlign: 'center',
  },
  icon: { fontSize: '48px', color: tokens.colorNeutralForeground3 },
  text: { maxWidth: '480px', color: tokens.colorNeutralForeground2 },
});

export function EmptyState({ Icon, title, text, action }: Props) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <Icon className={styles.icon} />
      <Subtitle1 as="h2">{title}</Subtitle1>
      <Text className={styles.text} align="center">
        {text}
      </Text>
      {action}
    </div>
  );
}
