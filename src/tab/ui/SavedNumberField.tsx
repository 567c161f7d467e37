import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { type SyntheticEvent, useState } from 'react';
import { useTexts } from '../texts/texts-context.tsx';

interface Props {
  readonly label: string;
  readonly hint: string;
  /** Said when the entry is none of the numbers from `min` to `max`. */
  readonly invalid: string;
  /** As it is saved now; null for an empty field. */
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly mayBeEmpty?: boolean;
  readonly isSaving: boolean;
  readonly onSave: (value: number | null) => void;
}

const useStyles = makeStyles({
  root: { maxWidth: '400px' },
  field: { display: 'flex', gap: tokens.spacingHorizontalS },
  input: { width: '112px' },
});

/** A whole number with a Save that appears once it was changed. */
export function SavedNumberField({ label, hint, invalid, value, min, max, mayBeEmpty, isSaving, onSave }: Props) {
  const styles = useStyles();
  const { common } = useTexts();
  const saved = value === null ? '' : String(value);
  const [text, setText] = useState(saved);
  const entry = text.trim();
  const number = Number(entry);
  const isEmptied = entry === '' && mayBeEmpty === true;
  const isValid = isEmptied || (/^\d{1,6}$/.test(entry) && number >= min && number <= max);
  const isChanged = entry !== saved;

  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isValid && isChanged) onSave(isEmptied ? null : number);
  };
  return (
    <form className={styles.root} onSubmit={save}>
      <Field
        label={label}
        hint={hint}
        validationMessage={isValid ? undefined : invalid}
        validationState={isValid ? 'none' : 'error'}
      >
        <div className={styles.field}>
          <Input
            className={styles.input}
            aria-label={label}
            inputMode="numeric"
            value={text}
            maxLength={6}
            onChange={(_, data) => setText(data.value)}
          />
          {isChanged && (
            <Button appearance="primary" type="submit" disabledFocusable={isSaving || !isValid}>
              {common.save}
            </Button>
          )}
        </div>
      </Field>
    </form>
  );
}
