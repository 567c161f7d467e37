import { Checkbox, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { ListView } from '../../../contract/saved-views.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useSaveView } from './use-saved-views.ts';

interface Props {
  readonly view: ListView;
  /** Of the list's views that are there: one of the same name is replaced. */
  readonly names: readonly string[];
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  fields: { display: 'grid', gap: tokens.spacingVerticalM, paddingBlockStart: tokens.spacingVerticalM },
});

export function SaveViewDialog({ view, names, onClose }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { common, savedViews: words } = texts;
  const toast = useToast();
  const save = useSaveView();
  const [name, setName] = useState('');
  const [isDefault, setDefault] = useState(false);
  const trimmed = name.trim();
  const isTaken = names.some((taken) => taken.toLowerCase() === trimmed.toLowerCase());
  return (
    <ConfirmDialog
      open
      title={words.saveTitle}
      text={words.saveText}
      action={isTaken ? words.replace : common.save}
      isPending={save.isPending}
      isIncomplete={trimmed === ''}
      error={save.error}
      onConfirm={() =>
        save.mutate(
          { name: trimmed, view, isDefault },
          {
            onSuccess: () => {
              toast(words.saved(trimmed));
              onClose();
            },
          },
        )
      }
      onCancel={onClose}
    >
      <div className={styles.fields}>
        <Field label={words.name} {...(isTaken ? { validationState: 'warning', validationMessage: words.taken } : {})}>
          <Input value={name} maxLength={80} onChange={(_, data) => setName(data.value)} />
        </Field>
        <Checkbox
          label={words.setDefault(texts[view.list].title)}
          checked={isDefault}
          onChange={(_, { checked }) => setDefault(checked === true)}
        />
      </div>
    </ConfirmDialog>
  );
}
