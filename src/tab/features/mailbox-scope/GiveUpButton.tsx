import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { ScopeChangeId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { UndoScriptButton } from './UndoScriptButton.tsx';
import { useScopeChange } from './use-scope-change.ts';

interface Props {
  readonly changeId: ScopeChangeId;
  /** Whether something was made that the undo script takes back. */
  readonly hasMade: boolean;
}

/** Ends a change that shall not go on, and says what stays. */
export function GiveUpButton({ changeId, hasMade }: Props) {
  const { change: words } = useTexts().scope;
  const toast = useToast();
  const { end } = useScopeChange(changeId);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button appearance="subtle" onClick={() => setAsking(true)}>
        {words.giveUp}
      </Button>
      <ConfirmDialog
        open={isAsking}
        title={words.giveUpTitle}
        text={hasMade ? words.giveUpText : words.giveUpNothing}
        action={words.giveUp}
        isPending={end.isPending}
        error={end.error}
        onCancel={() => setAsking(false)}
        onConfirm={() =>
          end.mutate(undefined, {
            onSuccess: () => {
              setAsking(false);
              toast(words.givenUp);
            },
          })
        }
      >
        {hasMade && <UndoScriptButton changeId={changeId} />}
      </ConfirmDialog>
    </>
  );
}
