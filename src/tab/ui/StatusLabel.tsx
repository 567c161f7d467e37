import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { IconLabel } from './IconLabel.tsx';
import { statusAppearance } from './status-appearance.ts';

/** A mailbox's status as icon and word. */
export function StatusLabel({ status }: { status: AccessStatus }) {
  const texts = useTexts();
  return <IconLabel {...statusAppearance[status]}>{texts.status[status]}</IconLabel>;
}
