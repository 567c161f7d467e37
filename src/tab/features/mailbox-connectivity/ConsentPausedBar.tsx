import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useTexts } from '../../texts/texts-context.tsx';

interface Props {
  readonly check: ConnectivityCheck;
  /** Whether the application may read the mailboxes again. */
  readonly isGranted: boolean;
  /** The way to the consent, and what it says. */
  readonly action?: { readonly text: string; readonly onClick: () => void } | undefined;
}

/** Whether a check waits because the consent changed under it. */
export function waitsForConsent({ state, pausedBecause }: ConnectivityCheck): boolean {
  return state === 'paused' && pausedBecause === 'consent_changed';
}

/** Consent was withdrawn in the middle of a check: what stays, what waits, and what to do. */
export function ConsentPausedBar({ check, isGranted, action }: Props) {
  const words = useTexts().check.consentPaused;
  return (
    <MessageBar intent={isGranted ? 'info' : 'error'} layout="multiline" politeness="assertive">
      <MessageBarBody>
        <MessageBarTitle>{words.title}</MessageBarTitle>
        {words.stays(check.total - check.done)} {isGranted ? words.granted : words.next}
      </MessageBarBody>
      {action && (
        <MessageBarActions>
          <Button onClick={action.onClick}>{action.text}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
