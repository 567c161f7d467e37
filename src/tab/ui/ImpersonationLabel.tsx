import { tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleHalfFillFilled } from '@fluentui/react-icons/svg/circle-half-fill';
import { ClockFilled } from '@fluentui/react-icons/svg/clock';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircleFilled } from '@fluentui/react-icons/svg/question-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import type { ConsentState } from '../../domain/consent/consent-state.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { IconLabel } from './IconLabel.tsx';

const appearance = {
  not_requested: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
  authorized: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  authorized_by_exchange: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  waiting: { Icon: ClockFilled, color: tokens.colorPaletteBlueForeground2 },
  partly_authorized: { Icon: CircleHalfFillFilled, color: tokens.colorPaletteYellowForeground2 },
  not_authorized: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  unknown: { Icon: QuestionCircleFilled, color: tokens.colorNeutralForeground3 },
} as const satisfies Record<ConsentState, unknown>;

interface Props {
  readonly state: ConsentState;
  /** With the words *Impersonation status:* before the state. */
  readonly isSentence?: boolean;
}

export function ImpersonationLabel({ state, isSentence = false }: Props) {
  const { consent, impersonation } = useTexts();
  const word = impersonation[state];
  return <IconLabel {...appearance[state]}>{isSentence ? consent.statusLine(word) : word}</IconLabel>;
}
