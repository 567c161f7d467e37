import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useConvertOrganization } from './use-organizations.ts';

/** Of an organization that is a recorded origin: what that means, and the way to Microsoft Graph. */
export function OriginBar({ organization }: { organization: Organization }) {
  const { organizations: words } = useTexts();
  const toast = useToast();
  const convert = useConvertOrganization(organization.id);
  const [isAsking, setAsking] = useState(false);
  const focusTarget = useRestoreFocusTarget();
  const { name, connectionType } = organization;
  const mayBeOnPremises = connectionType === 'ews_on_premises' || connectionType === 'hybrid';

  const confirm = () =>
    convert.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        toast(words.converted(name), { body: words.convertedBody });
      },
    });
  return (
    <>
      <MessageBar layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{words.originTitle}</MessageBarTitle>
          {words.originText}
        </MessageBarBody>
        <MessageBarActions>
          <Button {...focusTarget} onClick={() => setAsking(true)}>
            {words.convert}
          </Button>
        </MessageBarActions>
      </MessageBar>
      <ConfirmDialog
        open={isAsking}
        title={words.convertTitle(name)}
        text={`${words.convertChanges}:`}
        action={words.convertAction}
        isPending={convert.isPending}
        error={convert.error}
        onCancel={() => setAsking(false)}
        onConfirm={confirm}
      >
        <ul>
          {words.convertChangesText.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p>{words.convertStays}:</p>
        <ul>
          {words.convertStaysText.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {mayBeOnPremises && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{words.convertOnPremises}</MessageBarBody>
          </MessageBar>
        )}
      </ConfirmDialog>
    </>
  );
}
