import { Button } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import type { ScopeChangeId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useUndoScript } from './use-scope-change.ts';

/** The script that takes back what the others made. */
export function UndoScriptButton({ changeId }: { changeId: ScopeChangeId }) {
  const { script: words } = useTexts().scope;
  const undo = useUndoScript(changeId);
  return (
    <>
      <Button
        appearance="subtle"
        icon={<ArrowDownloadRegular />}
        disabledFocusable={undo.isPending}
        onClick={() => undo.mutate(undefined, { onSuccess: ({ fileName, text }) => saveFile(fileName, text) })}
      >
        {words.undo}
      </Button>
      <CommandErrorBar mutation={undo} />
    </>
  );
}
