import { tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleHalfFillFilled } from '@fluentui/react-icons/svg/circle-half-fill';
import { ClockFilled } from '@fluentui/react-icons/svg/clock';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircleFilled } from '@fluentui/react-icons/svg/question-circle';
import { ShieldErrorFilled } from '@fluentui/react-icons/svg/shield-error';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';

/** What each status looks like: the icon carries the meaning, the colour repeats it; `fill` is that of an area. */
export const statusAppearance = {
  exposed: {
    Icon: ShieldErrorFilled,
    color: tokens.colorPaletteRedForeground1,
    fill: tokens.colorPaletteRedForeground1,
  },
  blocked: {
    Icon: DismissCircleFilled,
    color: tokens.colorPaletteRedForeground1,
    fill: tokens.colorPaletteRedBackground3,
  },
  limited: {
    Icon: CircleHalfFillFilled,
    color: tokens.colorPaletteYellowForeground2,
    fill: tokens.colorPaletteYellowBackground3,
  },
  could_not_tell: {
    Icon: QuestionCircleFilled,
    color: tokens.colorNeutralForeground3,
    fill: tokens.colorNeutralForeground4,
  },
  waiting: { Icon: ClockFilled, color: tokens.colorPaletteBlueForeground2, fill: tokens.colorPaletteBlueBorderActive },
  not_checked: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3, fill: tokens.colorNeutralStroke1 },
  working: {
    Icon: CheckmarkCircleFilled,
    color: tokens.colorPaletteGreenForeground1,
    fill: tokens.colorPaletteGreenBackground3,
  },
} as const satisfies Record<AccessStatus, unknown>;
