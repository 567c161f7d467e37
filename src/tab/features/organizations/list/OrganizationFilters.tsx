import { Dropdown, makeStyles, Option, SearchBox, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { OrganizationFilter } from '../../../../contract/organizations.ts';
import { organizationConnectionTypes } from '../../../../domain/mailbox-sync/mailbox-state.ts';
import { organizationSyncStatuses } from '../../../../domain/organizations/organization-list.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { useSlashKey } from '../../../ui/use-slash-key.ts';

interface Props {
  readonly filter: OrganizationFilter;
  readonly onFilter: (filter: OrganizationFilter) => void;
  /** What else says how the list shows, at its end. */
  readonly children: ReactNode;
}

const useStyles = makeStyles({
  root: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  search: { width: '280px', maxWidth: '100%' },
  choice: { minWidth: '176px', width: '200px', maxWidth: '100%' },
  end: { display: 'flex', flexWrap: 'wrap', marginInlineStart: 'auto' },
});

const any = 'any';
const typingMs = 250;

/** Search and two filters; all live in the address. */
export function OrganizationFilters({ filter, onFilter, children }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.organizations;
  const search = filter.search ?? '';
  const [typed, setTyped] = useState(search);
  const input = useRef<HTMLInputElement>(null);
  useSlashKey(input);

  // The address may change by a link or by going back.
  useEffect(() => setTyped(search), [search]);
  useEffect(() => {
    if (typed.trim() === search) return;
    const timer = setTimeout(() => onFilter({ ...filter, search: typed.trim() || undefined }), typingMs);
    return () => clearTimeout(timer);
  }, [typed, search, filter, onFilter]);

  return (
    <div className={styles.root}>
      <SearchBox
        ref={input}
        className={styles.search}
        placeholder={words.search}
        aria-label={words.search}
        aria-keyshortcuts="/"
        value={typed}
        maxLength={120}
        onChange={(_, { value }) => setTyped(value)}
      />
      <Dropdown
        className={styles.choice}
        aria-label={words.connection}
        value={filter.connection ? texts.connection[filter.connection] : words.anyConnection}
        selectedOptions={[filter.connection ?? any]}
        onOptionSelect={(_, { optionValue }) =>
          onFilter({ ...filter, connection: organizationConnectionTypes.find((type) => type === optionValue) })
        }
      >
        <Option value={any}>{words.anyConnection}</Option>
        {organizationConnectionTypes.map((type) => (
          <Option key={type} value={type}>
            {texts.connection[type]}
          </Option>
        ))}
      </Dropdown>
      <Dropdown
        className={styles.choice}
        aria-label={words.synchronization}
        value={filter.sync ? words.syncStatus[filter.sync] : words.anySync}
        selectedOptions={[filter.sync ?? any]}
        onOptionSelect={(_, { optionValue }) =>
          onFilter({ ...filter, sync: organizationSyncStatuses.find((status) => status === optionValue) })
        }
      >
        <Option value={any}>{words.anySync}</Option>
        {organizationSyncStatuses.map((status) => (
          <Option key={status} value={status}>
            {words.syncStatus[status]}
          </Option>
        ))}
      </Dropdown>
      <div className={styles.end}>{children}</div>
    </div>
  );
}
