import { Button, Field, Input, makeStyles, Switch, tokens } from '@fluentui/react-components';
import { type SyntheticEvent, useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { useToast } from '../../ui/toast.tsx';
import { OrganizationRegistration } from './OrganizationRegistration.tsx';
import { OriginBar } from './OriginBar.tsx';
import { SyncIntervalField } from './SyncIntervalField.tsx';
import { useUpdateOrganization } from './use-organizations.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalL },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
  },
  name: { display: 'flex', gap: tokens.spacingHorizontalS },
  input: { flexGrow: 1, minWidth: 0 },
});

/** What an organization is called and how it is connected. */
export function OrganizationGeneral({ organization }: { organization: Organization }) {
  const styles = useStyles();
  const texts = useTexts();
  const { list } = useFormat();
  const toast = useToast();
  const words = texts.organizations;
  const update = useUpdateOrganization(organization.id);
  const [name, setName] = useState(organization.name);
  const isChanged = name.trim() !== organization.name;
  const isMissing = name.trim() === '';

  const rename = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isMissing || !isChanged) return;
    update.mutate({ name }, { onSuccess: (saved) => toast(words.saved(saved.name)) });
  };
  return (
    <div className={styles.root}>
      {update.error && <ErrorBar error={update.error} />}
      {organization.connectionType !== 'graph_app_only' && <OriginBar organization={organization} />}
      <form className={styles.fields} onSubmit={rename}>
        <Field
          label={words.name}
          validationMessage={isMissing ? words.nameMissing : undefined}
          validationState={isMissing ? 'error' : 'none'}
        >
          <div className={styles.name}>
            <Input
              className={styles.input}
              aria-label={words.name}
              value={name}
              maxLength={120}
              onChange={(_, { value }) => setName(value)}
            />
            {isChanged && (
              <Button appearance="primary" type="submit" disabledFocusable={update.isPending || isMissing}>
                {texts.common.save}
              </Button>
            )}
          </div>
        </Field>
        <Field label={words.externalId}>
          <Input value={organization.externalId} readOnly appearance="filled-darker" />
        </Field>
      </form>
      <Switch
        label={`${words.synchronization}: ${organization.syncEnabled ? words.enabled : words.disabled}`}
        checked={organization.syncEnabled}
        disabled={update.isPending}
        onChange={(_, { checked }) => update.mutate({ syncEnabled: checked })}
      />
      <SyncIntervalField organization={organization} />
      {organization.connectionType === 'graph_app_only' && <OrganizationRegistration organization={organization} />}
      <FactList
        facts={[
          { name: words.connection, value: texts.connection[organization.connectionType] },
          { name: words.features, value: list(organization.capabilities.map((name) => texts.capability[name])) },
          { name: words.createdAt, value: <Moment at={organization.createdAt} as="dateTime" /> },
        ]}
      />
    </div>
  );
}
