import { Button, makeStyles } from '@fluentui/react-components';
import { useTexts } from '../../texts/texts-context.tsx';
import type { StepProps } from './ProvisioningSteps.tsx';

const useStyles = makeStyles({ button: { whiteSpace: 'nowrap' } });

/** Discards what was begun, and goes back to the source. */
export function StartOverButton({ commands: { discard }, onBack }: Pick<StepProps, 'commands' | 'onBack'>) {
  const { addUsers: words } = useTexts();
  return (
    <Button className={useStyles().button} onClick={() => discard.mutate(undefined, { onSuccess: onBack })}>
      {words.startOver}
    </Button>
  );
}
