import { Button, DialogActions, DialogContent, ProgressBar, Text } from '@fluentui/react-components';
import { type ReactNode, useEffect } from 'react';
import type { Provisioning } from '../../../contract/provisioning.ts';
import { reasonWords } from '../../../contract/reasons.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { FileRefusal } from './FileRefusal.tsx';
import { MappingStep } from './MappingStep.tsx';
import { PreFlightStep } from './PreFlightStep.tsx';
import { ResultStep } from './ResultStep.tsx';
import { StartOverButton } from './StartOverButton.tsx';
import { StepHeading } from './StepHeading.tsx';
import { useStepStyles } from './step-styles.ts';
import { useProvisioningCommands, useRefreshUsers } from './use-provisioning.ts';

interface Props {
  readonly provisioning: Provisioning;
  /** Why it could not be followed further. */
  readonly followError: unknown;
  /** To where consent is granted and mailboxes are checked. */
  readonly connectivityLink: ReactNode;
  /** Back to the source. */
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** The step that the state of a provisioning asks for. */
export function ProvisioningSteps({ onClose, ...given }: Props) {
  const { provisioning } = given;
  const commands = useProvisioningCommands(provisioning.id);
  const refreshUsers = useRefreshUsers();
  const { state, source } = provisioning;
  const isApplied = state === 'applied';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the last of them is added
  useEffect(() => {
    if (isApplied) refreshUsers();
  }, [isApplied]);

  // What is begun anew in a moment need not wait for anybody; a file does.
  const leave = () => {
    if (source === 'people' || source === 'groups') commands.discard.mutate();
    onClose();
  };
  const steps = { ...given, commands };
  if (state === 'mapping') return <MappingStep {...steps} onClose={onClose} />;
  if (state === 'ready') return <PreFlightStep {...steps} onClose={leave} />;
  if (isApplied) return <ResultStep {...steps} onClose={onClose} />;
  return <WaitingStep {...steps} onClose={onClose} />;
}

export interface StepProps extends Props {
  readonly commands: ReturnType<typeof useProvisioningCommands>;
}

/** While the service works, and where it stopped. */
function WaitingStep({ provisioning, followError, connectivityLink, commands, onBack, onClose }: StepProps) {
  const styles = useStepStyles();
  const { addUsers: words, common } = useTexts();
  const { state, total, checked, added, stoppedBecause, refusal } = provisioning;
  const { cancel, resume, discard } = commands;
  const isWorking = state === 'checking' || state === 'applying';
  const done = state === 'applying' ? added : checked;
  const error = cancel.error ?? resume.error ?? discard.error ?? followError;
  return (
    <>
      <DialogContent className={styles.content}>
        {Boolean(error) && <ErrorBar error={error} />}
        {refusal ? <FileRefusal {...refusal} /> : <StepHeading>{words.state[state]}</StepHeading>}
        {isWorking && (
          <>
            <ProgressBar
              thickness="large"
              aria-label={words.state[state]}
              value={total === 0 ? undefined : done / total}
            />
            <Text className={styles.quiet}>{words.progress(done, total)}</Text>
            <Text className={styles.quiet}>{state === 'checking' ? words.checkingText : words.applyingText}</Text>
          </>
        )}
        {stoppedBecause && (
          <Text role="alert">
            {words.stopped(reasonWords[stoppedBecause].title)} {reasonWords[stoppedBecause].remedy}
          </Text>
        )}
        {stoppedBecause && reasonWords[stoppedBecause].fixedBy === 'consent_admin' && connectivityLink}
        {state === 'cancelled' && <Text>{words.cancelledText(checked)}</Text>}
        {state === 'receiving' && <Text>{words.receivingText}</Text>}
      </DialogContent>
      <DialogActions position="end">
        {state === 'checking' && (
          <Button disabledFocusable={cancel.isPending} onClick={() => cancel.mutate()}>
            {words.stop}
          </Button>
        )}
        {(state === 'cancelled' || state === 'stopped') && (
          <Button appearance="primary" disabledFocusable={resume.isPending} onClick={() => resume.mutate()}>
            {words.goOn}
          </Button>
        )}
        {!isWorking && <StartOverButton commands={commands} onBack={onBack} />}
        <Button onClick={onClose}>{common.close}</Button>
      </DialogActions>
    </>
  );
}
