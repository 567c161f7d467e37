import { Checkbox, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { EwsCockpit } from '../../../contract/ews-migrations.ts';
import { defaultCanarySize, defaultFailureLimit } from '../../../domain/ews-migration/ring-plan.ts';
import type { AppId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useToast } from '../../ui/toast.tsx';
import { isAppId, wholeNumber } from './entries.ts';
import { useMigrationCommands } from './use-ews-migrations.ts';

interface Props {
  readonly organization: EwsCockpit['organizations'][number];
  readonly ewsAppId: AppId;
  readonly onClose: () => void;
}

const useStyles = makeStyles({ fields: { display: 'grid', gap: tokens.spacingVerticalM } });
const mostInCanary = 10_000;

/** Says what will happen, and asks for the size of the canary and the limit of failures. */
export function StartMigrationDialog({ organization, ewsAppId, onClose }: Props) {
  const styles = useStyles();
  const { start: words } = useTexts().ews;
  const toast = useToast();
  const { start } = useMigrationCommands();
  const [canary, setCanary] = useState(String(defaultCanarySize));
  const [limit, setLimit] = useState(String(defaultFailureLimit));
  const [appId, setAppId] = useState<string>(ewsAppId);
  const [returnsHeldRings, setReturns] = useState(false);

  const canarySize = wholeNumber(canary, 1, mostInCanary);
  const failureLimit = wholeNumber(limit, 0, 100);
  const invalid = (isValid: boolean, message: string) =>
    isValid ? {} : ({ validationState: 'error', validationMessage: message } as const);
  const confirm = () => {
    if (canarySize === undefined || failureLimit === undefined || !isAppId(appId)) return;
    start.mutate(
      { organizationId: organization.id, canarySize, failureLimit, returnsHeldRings, ewsAppId: appId.trim() as AppId },
      {
        onSuccess: () => {
          toast(words.started);
          onClose();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      open
      title={words.title(organization.name)}
      text={words.text(organization.onEws)}
      action={words.action}
      isPending={start.isPending}
      isIncomplete={canarySize === undefined || failureLimit === undefined || !isAppId(appId)}
      error={start.error}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <div className={styles.fields}>
        <Field label={words.canary} {...invalid(canarySize !== undefined, words.invalid(1, mostInCanary))}>
          <Input inputMode="numeric" maxLength={5} value={canary} onChange={(_, { value }) => setCanary(value)} />
        </Field>
        <Field
          label={words.limit}
          hint={words.limitHint}
          {...invalid(failureLimit !== undefined, words.invalid(0, 100))}
        >
          <Input inputMode="numeric" maxLength={3} value={limit} onChange={(_, { value }) => setLimit(value)} />
        </Field>
        <Field label={words.ewsApp} hint={words.ewsAppHint} {...invalid(isAppId(appId), words.invalidId)}>
          <Input spellCheck={false} maxLength={40} value={appId} onChange={(_, { value }) => setAppId(value)} />
        </Field>
        <Checkbox
          label={words.returns}
          checked={returnsHeldRings}
          onChange={(_, { checked }) => setReturns(checked === true)}
        />
      </div>
    </ConfirmDialog>
  );
}
