import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { CodeRegular } from '@fluentui/react-icons/svg/code';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { ResultDrop } from '../../ui/ResultDrop.tsx';
import { ScriptBox } from '../../ui/ScriptBox.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useScopeCommands } from './use-mailbox-scope.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM, width: '100%' },
  line: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** How to read what Exchange enforces: over the gateway where it is on, and always by a script and its result. */
export function ReadingAction({ gateway }: { gateway: MailboxScope['gateway'] }) {
  const styles = useStyles();
  const { scope: words } = useTexts();
  const toast = useToast();
  const { read, readingScript, bringReading } = useScopeCommands();
  const done = () => toast(words.reading.done);
  return (
    <div className={styles.root}>
      <div className={styles.line}>
        {gateway !== 'off' && (
          <Button
            icon={<ArrowSyncRegular />}
            disabledFocusable={read.isPending}
            onClick={() => read.mutate(undefined, { onSuccess: done })}
          >
            {read.isPending ? words.actions.reading : words.actions.read}
          </Button>
        )}
        {!readingScript.data && (
          <Button
            appearance={gateway === 'off' ? 'secondary' : 'subtle'}
            icon={<CodeRegular />}
            disabledFocusable={readingScript.isPending}
            onClick={() => readingScript.mutate()}
          >
            {words.actions.readingScript}
          </Button>
        )}
      </div>
      <CommandErrorBar mutation={read} />
      <CommandErrorBar mutation={readingScript} />
      {readingScript.data && (
        <>
          <Text>{words.reading.text}</Text>
          <ScriptBox script={readingScript.data} />
          <CommandErrorBar mutation={bringReading} />
          <ResultDrop
            isPending={bringReading.isPending}
            onText={(text) =>
              bringReading.mutate(text, {
                onSuccess: () => {
                  done();
                  readingScript.reset();
                },
              })
            }
          />
        </>
      )}
    </div>
  );
}
