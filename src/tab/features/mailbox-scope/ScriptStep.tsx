import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { MailboxScope, ScopeChange } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { ResultDrop } from '../../ui/ResultDrop.tsx';
import { ScriptBox } from '../../ui/ScriptBox.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { StepReport } from './StepReport.tsx';
import { UndoScriptButton } from './UndoScriptButton.tsx';
import { type ScriptPurpose, useScopeChange, useScopeScript } from './use-scope-change.ts';

interface Props {
  readonly change: ScopeChange;
  readonly purpose: ScriptPurpose;
  readonly gateway: MailboxScope['gateway'];
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** A step in Exchange: by the script and its result, or over the gateway where it is switched on. */
export function ScriptStep({ change, purpose, gateway }: Props) {
  const styles = useStyles();
  const { scope: words } = useTexts();
  const script = useScopeScript(change.id, purpose);
  const { bring, run } = useScopeChange(change.id);
  const [isAsking, setAsking] = useState(false);
  const start = (whatIf: boolean) => run.mutate({ purpose, whatIf });

  return (
    <div className={styles.root}>
      {change.report.length > 0 && <StepReport report={change.report} />}
      <Text className={styles.quiet}>{words.script.howTo}</Text>
      <QueryView query={script} waiting={<Waiting rows={2} />}>
        {(loaded) => (
          <ScriptBox script={loaded} isPrimary>
            <UndoScriptButton changeId={change.id} />
          </ScriptBox>
        )}
      </QueryView>
      <CommandErrorBar mutation={bring} />
      <ResultDrop isPending={bring.isPending} onText={(text) => bring.mutate(text)} />
      {gateway !== 'off' && (
        <div className={styles.line}>
          <Button disabledFocusable={run.isPending} onClick={() => setAsking(true)}>
            {words.run.now}
          </Button>
          <Button appearance="subtle" disabledFocusable={run.isPending} onClick={() => start(true)}>
            {words.run.whatIf}
          </Button>
          {run.isPending && <Text role="status">{words.run.running}</Text>}
        </div>
      )}
      <CommandErrorBar mutation={run} />
      {gateway !== 'off' && (
        <ConfirmDialog
          open={isAsking}
          title={words.run.confirmTitle}
          text={words.run.confirmText[gateway]}
          action={words.run.now}
          isPending={run.isPending}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            start(false);
          }}
        />
      )}
    </div>
  );
}
