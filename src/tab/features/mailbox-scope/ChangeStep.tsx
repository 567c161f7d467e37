import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { ArrowCircleRightFilled } from '@fluentui/react-icons/svg/arrow-circle-right';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import type { ReactNode } from 'react';
import type { ScopeChange } from '../../../contract/mailbox-scope.ts';
import type { ScopeStepState } from '../../../domain/mailbox-scope/scope-change.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';

type Step = Readonly<ScopeChange['steps'][number]>;

const looks = {
  done: statusAppearance.working,
  due: { Icon: ArrowCircleRightFilled, color: tokens.colorBrandForeground1 },
  waiting: statusAppearance.waiting,
  failed: statusAppearance.blocked,
  todo: { Icon: CircleRegular, color: tokens.colorNeutralForeground3 },
} as const satisfies Record<ScopeStepState, unknown>;

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    paddingBlock: tokens.spacingVerticalXS,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  head: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    minHeight: '44px',
    '@media (max-width: 480px)': { gridTemplateColumns: 'minmax(0, 1fr)', gap: 0 },
  },
  later: { color: tokens.colorNeutralForeground2 },
  state: {
    color: tokens.colorNeutralForeground2,
    textAlign: 'end',
    '@media (max-width: 480px)': { textAlign: 'start', paddingInlineStart: '20px' },
  },
  body: { paddingBlockEnd: tokens.spacingVerticalM, paddingInlineStart: '20px' },
});

interface Props extends Step {
  /** In place of the state's word, where something of ours is what is waited for. */
  readonly word?: string | undefined;
  readonly children?: ReactNode;
}

/** One step: its mark and name, its state and time, and below what is to do now. */
export function ChangeStep({ step, state, at, word, children }: Props) {
  const styles = useStyles();
  const { change: words } = useTexts().scope;
  const isActive = state !== 'done' && state !== 'todo';
  return (
    <li className={styles.root} aria-current={isActive ? 'step' : undefined}>
      <div className={styles.head}>
        <Text weight={isActive ? 'semibold' : 'regular'} className={mergeClasses(state === 'todo' && styles.later)}>
          <IconLabel {...looks[state]}>{words.step[step]}</IconLabel>
        </Text>
        <Text className={styles.state}>
          {word ?? words.stepState[state]}
          {at && state === 'done' && (
            <>
              {' · '}
              <Moment at={at} as="dateTime" />
            </>
          )}
        </Text>
      </div>
      {children && <div className={styles.body}>{children}</div>}
    </li>
  );
}
