import { makeStyles, Option } from '@fluentui/react-components';
import type { Organization } from '../../contract/organizations.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { OneLineDropdown } from '../ui/OneLineDropdown.tsx';
import { usePlace } from './use-place.ts';

const useStyles = makeStyles({
  root: {
    minWidth: 0,
    width: '200px',
    flexShrink: 1,
    '@media (min-width: 641px) and (max-width: 900px)': { width: '144px' },
    '@media (max-width: 640px)': { width: '128px' },
  },
});

const all = 'all';

/** Narrows every page to one organization. */
export function OrganizationPicker({ organizations }: { organizations: readonly Organization[] }) {
  const styles = useStyles();
  const { shell } = useTexts();
  const { place, go } = usePlace();
  const picked = organizations.find(({ id }) => id === place.organizationId);
  if (organizations.length === 0) return null;

  return (
    <OneLineDropdown
      className={styles.root}
      appearance="filled-darker"
      size="small"
      aria-label={shell.organization}
      value={picked?.name ?? shell.allOrganizations}
      selectedOptions={[picked?.id ?? all]}
      onOptionSelect={(_, { optionValue }) => {
        const organizationId = organizations.find(({ id }) => id === optionValue)?.id;
        go({ ...place, userId: undefined, organizationId });
      }}
      positioning="below-end"
    >
      <Option value={all}>{shell.allOrganizations}</Option>
      {organizations.map(({ id, name }) => (
        <Option key={id} value={id}>
          {name}
        </Option>
      ))}
    </OneLineDropdown>
  );
}
