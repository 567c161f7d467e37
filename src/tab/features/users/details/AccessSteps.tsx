import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircleFilled } from '@fluentui/react-icons/svg/question-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import type { MailboxAccess } from '../../../../contract/mailbox-scope.ts';
import { useFormat, useTexts } from '../../../texts/texts-context.tsx';
import { DottedText } from '../../../ui/DottedText.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';

type Step = MailboxAccess['steps'][number];

const looks = {
  opens: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  closes: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  silent: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
  unknown: { Icon: QuestionCircleFilled, color: tokens.colorNeutralForeground3 },
} as const satisfies Record<Step['mark'], unknown>;

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(4, minmax(0, 1fr))',
    gap: tokens.spacingHorizontalS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    '@media (max-width: 480px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  step: {
    display: 'grid',
    alignContent: 'start',
    gap: tokens.spacingVerticalXXS,
    padding: tokens.spacingHorizontalS,
    minWidth: 0,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  names: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** Grant, policy, role and live call side by side, each with its own mark. */
export function AccessSteps({ steps }: { steps: readonly Step[] }) {
  const styles = useStyles();
  const { access: words } = useTexts();
  const { list } = useFormat();
  return (
    <ol className={styles.root} aria-label={words.section}>
      {steps.map(({ step, mark, names }) => (
        <li key={step} className={styles.step}>
          <Text size={200}>{words.step[step]}</Text>
          <Text weight="semibold">
            <IconLabel {...looks[mark]}>{words.mark[mark]}</IconLabel>
          </Text>
          {names.length > 0 && (
            <Text size={200} className={styles.names}>
              <DottedText>{list(names)}</DottedText>
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}
