import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  OverlayDrawer,
  Radio,
  RadioGroup,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { type RefObject, type SyntheticEvent, useEffect, useRef, useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import {
  type OrganizationConnectionType,
  organizationConnectionTypes,
} from '../../../domain/mailbox-sync/mailbox-state.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useRefusedForm } from '../../ui/use-refused-form.ts';
import { checkForm, type FieldErrors, fieldErrorsOf } from './organization-form.ts';
import { RegistrationField } from './RegistrationField.tsx';
import { useCreateOrganization } from './use-organizations.ts';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onCreated: (organization: Organization) => void;
}

const useStyles = makeStyles({
  drawer: { width: '440px', maxWidth: '100vw' },
  form: { display: 'contents' },
  actions: { display: 'flex', gap: tokens.spacingHorizontalXS },
  fields: { display: 'grid', alignContent: 'start', gap: tokens.spacingVerticalL },
});

export function NewOrganizationDrawer({ open, onClose, onCreated }: Props) {
  const styles = useStyles();
  const name = useRef<HTMLInputElement>(null);
  // After the drawer, which would give the focus to what comes first: its Save button.
  useEffect(() => {
    if (open) name.current?.focus();
  }, [open]);
  return (
    <OverlayDrawer
      className={styles.drawer}
      open={open}
      position="end"
      onOpenChange={(_, data) => data.open || onClose()}
    >
      <NewOrganizationForm name={name} onClose={onClose} onCreated={onCreated} />
    </OverlayDrawer>
  );
}

interface FormProps extends Omit<Props, 'open'> {
  readonly name: RefObject<HTMLInputElement | null>;
}

function NewOrganizationForm({ name, onClose, onCreated }: FormProps) {
  const styles = useStyles();
  const texts = useTexts();
  const { common, organizations } = texts;
  const toast = useToast();
  const create = useCreateOrganization();
  const { form: root, refuse } = useRefusedForm();
  const [form, setForm] = useState({ name: '', externalId: '' });
  const [connectionType, setConnectionType] = useState<OrganizationConnectionType>('graph_app_only');
  const [registration, setRegistration] = useState<Organization['registration']>(null);
  const [formErrors, setFormErrors] = useState<FieldErrors>({});

  const change =
    (field: keyof typeof form) =>
    (_: unknown, { value }: { value: string }) => {
      setForm({ ...form, [field]: value });
      setFormErrors({ ...formErrors, [field]: undefined });
      create.reset();
    };
  const isGraph = connectionType === 'graph_app_only';
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    const found = checkForm(form, texts);
    setFormErrors(found);
    if (found.name || found.externalId) return refuse();
    if (create.isPending) return;
    create.mutate(
      { ...form, connectionType, ...(registration && isGraph ? { registration } : {}) },
      {
        onSuccess: (organization) => {
          toast(organizations.created(organization.name));
          onCreated(organization);
        },
        onError: refuse,
      },
    );
  };

  const errors: FieldErrors = { ...formErrors, ...fieldErrorsOf(create.error) };
  const isFieldError = Boolean(fieldErrorsOf(create.error).externalId);
  return (
    <form ref={root} className={styles.form} onSubmit={save} noValidate>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <div className={styles.actions}>
              <Button appearance="primary" type="submit" disabledFocusable={create.isPending}>
                {create.isPending ? common.saving : common.save}
              </Button>
              <Button appearance="subtle" icon={<DismissRegular />} aria-label={common.close} onClick={onClose} />
            </div>
          }
        >
          {organizations.newTitle}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.fields}>
          {create.error && !isFieldError && <ErrorBar error={create.error} />}
          <Field
            label={organizations.name}
            hint={organizations.nameHint}
            validationMessage={errors.name}
            validationState={errors.name ? 'error' : 'none'}
            required
          >
            <Input ref={name} value={form.name} onChange={change('name')} maxLength={120} />
          </Field>
          <Field
            label={organizations.externalId}
            hint={organizations.externalIdHint}
            validationMessage={errors.externalId}
            validationState={errors.externalId ? 'error' : 'none'}
            required
          >
            <Input value={form.externalId} onChange={change('externalId')} maxLength={64} spellCheck={false} />
          </Field>
          <Field label={organizations.connection}>
            <RadioGroup
              value={connectionType}
              onChange={(_, { value }) => setConnectionType(value as OrganizationConnectionType)}
            >
              {organizationConnectionTypes.map((type) => (
                <Radio key={type} value={type} label={organizations.connectionChoice[type]} />
              ))}
            </RadioGroup>
          </Field>
          {isGraph && <RegistrationField value={registration} onChange={setRegistration} />}
          {!isGraph && (
            <MessageBar layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>{organizations.originTitle}</MessageBarTitle>
                {organizations.originText}
              </MessageBarBody>
            </MessageBar>
          )}
        </div>
      </DrawerBody>
    </form>
  );
}
