import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { PauseRegular } from '@fluentui/react-icons/svg/pause';
import { PlayRegular } from '@fluentui/react-icons/svg/play';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import type { useCheckCommand } from './use-check-commands.ts';

interface Props {
  readonly check: ConnectivityCheck;
  readonly command: ReturnType<typeof useCheckCommand>;
}

const useStyles = makeStyles({ root: { display: 'flex', gap: tokens.spacingHorizontalS } });

/** Pause or resume, and cancel. Pause and resume are one button, so that the focus stays on it. */
export function CheckCommands({ check, command }: Props) {
  const styles = useStyles();
  const { check: words } = useTexts();
  const isWaiting = check.state === 'paused' || check.state === 'pausing';
  const isOff = command.isPending || check.state === 'cancelling';
  const run = (name: 'pause' | 'resume' | 'cancel') => !isOff && command.mutate({ command: name, check });
  return (
    <div className={styles.root}>
      <Button
        appearance={check.state === 'paused' ? 'primary' : 'secondary'}
        icon={isWaiting ? <PlayRegular /> : <PauseRegular />}
        disabledFocusable={isOff}
        onClick={() => run(isWaiting ? 'resume' : 'pause')}
      >
        {isWaiting ? words.resume : words.pause}
      </Button>
      <Button disabledFocusable={isOff} onClick={() => run('cancel')}>
        {words.cancel}
      </Button>
    </div>
  );
}
