import { tokens } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import type { MailboxState } from '../../domain/mailbox-sync/mailbox-state.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { IconLabel } from './IconLabel.tsx';

export const mailboxStateAppearance = {
  not_initialized: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
  switching: { Icon: ArrowSyncRegular, color: tokens.colorPaletteBlueForeground2 },
  initialized: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  disabled_due_to_error: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
} as const satisfies Record<MailboxState, unknown>;

/** The guide's *Mailbox Status*. */
export function MailboxStateLabel({ state }: { state: MailboxState }) {
  const { mailboxStatus } = useTexts();
  return <IconLabel {...mailboxStateAppearance[state]}>{mailboxStatus[state]}</IconLabel>;
}
