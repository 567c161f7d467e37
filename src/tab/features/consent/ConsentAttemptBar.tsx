import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
} from '@fluentui/react-components';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import type { ConsentAttempt } from './use-consent-attempt.ts';

interface Props {
  readonly attempt: ConsentAttempt;
  readonly onStartAgain: () => void;
  /** Asks what became of the attempt. */
  readonly onCheckAgain: () => void;
  /** Asks Microsoft what holds now. */
  readonly onVerify: () => void;
}

/** Where the run through Microsoft's dialog stands: one state, one next step. */
export function ConsentAttemptBar({ attempt, onStartAgain, onCheckAgain, onVerify }: Props) {
  const { consent: words, common } = useTexts();
  const again = <Button onClick={onStartAgain}>{words.startAgain}</Button>;

  switch (attempt.step) {
    case 'idle':
      return null;
    case 'window':
    case 'redeeming':
      return (
        <MessageBar intent="info" icon={<Spinner size="tiny" />}>
          <MessageBarBody>{attempt.step === 'window' ? words.waitingForWindow : words.verifying}</MessageBarBody>
        </MessageBar>
      );
    case 'maybe_closed':
      return (
        <MessageBar intent="warning">
          <MessageBarBody>{words.closedMaybe}</MessageBarBody>
          <MessageBarActions>
            <Button appearance="primary" onClick={onCheckAgain}>
              {common.checkAgain}
            </Button>
            {again}
          </MessageBarActions>
        </MessageBar>
      );
    case 'blocked':
      return (
        <MessageBar intent="error">
          <MessageBarBody>
            <MessageBarTitle>{words.popupBlocked.title}</MessageBarTitle>
            {words.popupBlocked.next}
          </MessageBarBody>
          <MessageBarActions>{again}</MessageBarActions>
        </MessageBar>
      );
    case 'failed':
      return <ErrorBar error={attempt.error} onTryAgain={onStartAgain} />;
    case 'ended': {
      const { title, next } = words.outcome[attempt.outcome];
      const canVerify = attempt.outcome === 'accepted' || attempt.outcome === 'no_answer';
      return (
        <MessageBar intent={attempt.outcome === 'declined' ? 'info' : 'warning'}>
          <MessageBarBody>
            <MessageBarTitle>{title}</MessageBarTitle>
            {next} {attempt.entraCode && words.code(attempt.entraCode)}
          </MessageBarBody>
          <MessageBarActions>
            {canVerify && <Button onClick={onVerify}>{common.checkAgain}</Button>}
            {attempt.outcome !== 'accepted' && again}
          </MessageBarActions>
        </MessageBar>
      );
    }
  }
}
