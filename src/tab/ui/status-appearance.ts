import { tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleHalfFillFilled } from '@fluentui/react-icons/svg/circle-half-fill';
import { ClockFilled } from '@fluentui/react-icons/svg/clock';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircleFilled } from '@fluentui/react-icons/svg/question-circle';
import { ShieldErrorFilled } from '@fluentui/react-icons/svg/shield-error';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';

/** What each status looks like: the icon carries the meaning, the colour repeats it. */
export const statusAppearance = {
  exposed: { Icon: ShieldErrorFilled, color: tokens.colorPaletteRedForeground1 },
  blocked: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  limited: { Icon: CircleHalfFillFilled, color: tokens.colorPaletteYellowForeground2 },
  could_not_tell: { Icon: QuestionCircleFilled, color: tokens.colorNeutralForeground3 },
  waiting: { Icon: ClockFilled, color: tokens.colorPaletteBlueForeground2 },
  not_checked: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
  working: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
} as const satisfies Record<AccessStatus, unknown>;
