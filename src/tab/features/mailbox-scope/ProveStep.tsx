import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { ProofView } from './ProofView.tsx';
import { useScopeCommands } from './use-mailbox-scope.ts';

interface Props {
  readonly proof: ScopeProof | null;
  /** Whether proving is what the admin should do next. */
  readonly isNext?: boolean;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  line: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** Starts a proof of a sample or of everybody, and shows both sides. */
export function ProveStep({ proof, isNext = false }: Props) {
  const styles = useStyles();
  const { scope: words } = useTexts();
  const { prove } = useScopeCommands();
  const isOff = prove.isPending || proof?.state === 'running';
  return (
    <div className={styles.root}>
      {isNext && <Text>{words.change.proveText}</Text>}
      {proof ? <ProofView proof={proof} /> : !isNext && <Text>{words.proof.never}</Text>}
      <CommandErrorBar mutation={prove} />
      <div className={styles.line}>
        <Button
          appearance={isNext ? 'primary' : 'secondary'}
          disabledFocusable={isOff}
          onClick={() => prove.mutate({ sweep: false })}
        >
          {words.actions.prove}
        </Button>
        <Button disabledFocusable={isOff} onClick={() => prove.mutate({ sweep: true })}>
          {words.actions.sweep}
        </Button>
      </div>
    </div>
  );
}
