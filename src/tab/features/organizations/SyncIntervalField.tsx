import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { type SyntheticEvent, useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useUpdateOrganization } from './use-organizations.ts';

const useStyles = makeStyles({
  root: { maxWidth: '320px' },
  field: { display: 'flex', gap: tokens.spacingHorizontalS },
  input: { width: '112px' },
});

/** How often the mailboxes of an organization are read. */
export function SyncIntervalField({ organization }: { organization: Organization }) {
  const styles = useStyles();
  const { common, organizations, sync: words } = useTexts();
  const toast = useToast();
  const update = useUpdateOrganization(organization.id);
  const [text, setText] = useState(String(organization.syncIntervalMinutes));
  const minutes = Number(text);
  const isValid = /^\d{1,4}$/.test(text.trim()) && minutes >= 5 && minutes <= 1440;
  const isChanged = text.trim() !== String(organization.syncIntervalMinutes);

  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isValid || !isChanged) return;
    update.mutate({ syncIntervalMinutes: minutes }, { onSuccess: ({ name }) => toast(organizations.saved(name)) });
  };
  return (
    <form className={styles.root} onSubmit={save}>
      {update.error && <ErrorBar error={update.error} />}
      <Field
        label={words.interval}
        hint={words.intervalHint}
        validationMessage={isValid ? undefined : words.intervalInvalid}
        validationState={isValid ? 'none' : 'error'}
      >
        <div className={styles.field}>
          <Input
            className={styles.input}
            aria-label={words.interval}
            inputMode="numeric"
            value={text}
            maxLength={4}
            onChange={(_, { value }) => setText(value)}
          />
          {isChanged && (
            <Button appearance="primary" type="submit" disabledFocusable={update.isPending || !isValid}>
              {common.save}
            </Button>
          )}
        </div>
      </Field>
    </form>
  );
}
