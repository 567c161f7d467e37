import { Dropdown, Field, makeStyles, Option, Text } from '@fluentui/react-components';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useRegistrations } from './use-registrations.ts';

interface Props {
  readonly value: Organization['registration'];
  readonly disabled?: boolean;
  readonly onChange: (registration: Organization['registration']) => void;
}

const own = '';

const useStyles = makeStyles({
  option: { display: 'grid', minWidth: 0, overflowWrap: 'anywhere' },
});

/** Which application reaches the mailboxes of an organization; nothing where there is no choice. */
export function RegistrationField({ value, disabled = false, onChange }: Props) {
  const styles = useStyles();
  const { organizations: words } = useTexts();
  const { data: registrations = [] } = useRegistrations();
  const chosen = registrations.find(({ name }) => name === value);
  if (registrations.length < 2 && value === null) return null;
  return (
    <Field label={words.registration} hint={words.registrationHint(chosen?.clientId)}>
      <Dropdown
        value={chosen ? words.registrationName(chosen.name) : words.notConfiguredName(value ?? '')}
        selectedOptions={[value ?? own]}
        disabled={disabled}
        onOptionSelect={(_, { optionValue }) => {
          const picked = registrations.find(({ name }) => (name ?? own) === optionValue);
          if (picked && picked.name !== value) onChange(picked.name);
        }}
      >
        {registrations.map(({ name, clientId }) => (
          <Option key={name ?? own} value={name ?? own} text={words.registrationName(name)}>
            <span className={styles.option}>
              {words.registrationName(name)} <Text size={200}>{clientId}</Text>
            </span>
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}
