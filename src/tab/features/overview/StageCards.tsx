import {
  Badge,
  Button,
  makeStyles,
  mergeClasses,
  Subtitle2,
  Text,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';

export interface Stage {
  readonly name: 'organization' | 'consent' | 'verification';
  readonly isDone: boolean;
  readonly isRunning?: boolean;
  /** Instead of the word for running, next or later. */
  readonly badge?: string | undefined;
  /** What is known, or what is to do. */
  readonly text: ReactNode;
  readonly action: string;
  readonly onAction: () => void;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))',
    gap: tokens.spacingHorizontalL,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    alignItems: 'stretch',
  },
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  next: { border: `1px solid ${tokens.colorCompoundBrandStroke}` },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: `0 ${tokens.spacingHorizontalS}`,
    minHeight: '24px',
  },
  title: { whiteSpace: 'nowrap' },
  text: { flexGrow: 1, color: tokens.colorNeutralForeground2 },
  action: { alignSelf: 'start' },
});

/** The three stages. The first that is not done is the next step; only it has the primary button. */
export function StageCards({ stages }: { stages: readonly Stage[] }) {
  const styles = useStyles();
  const { overview: words } = useTexts();
  const focusTarget = useRestoreFocusTarget();
  const next = stages.find(({ isDone }) => !isDone);
  return (
    <ol className={styles.root} aria-label={words.stages}>
      {stages.map((stage, index) => {
        const isNext = stage === next;
        return (
          <li key={stage.name} className={mergeClasses(styles.card, isNext && styles.next)}>
            <div className={styles.head}>
              <Subtitle2 as="h3" className={styles.title}>
                {index + 1} · {words.stage[stage.name]}
              </Subtitle2>
              {stage.isDone ? (
                <IconLabel Icon={CheckmarkCircleFilled} color={tokens.colorPaletteGreenForeground1}>
                  {words.done}
                </IconLabel>
              ) : (
                <Badge appearance="tint" color={isNext ? 'brand' : 'subtle'}>
                  {stage.badge ?? (stage.isRunning ? words.running : isNext ? words.next : words.later)}
                </Badge>
              )}
            </div>
            <Text className={styles.text}>{stage.text}</Text>
            {(isNext || stage.isDone || stage.isRunning) && (
              <Button
                className={styles.action}
                appearance={isNext ? 'primary' : 'secondary'}
                size={stage.isDone ? 'small' : 'medium'}
                {...focusTarget}
                onClick={stage.onAction}
              >
                {stage.action}
              </Button>
            )}
          </li>
        );
      })}
    </ol>
  );
}
