import { makeStyles, SearchBox, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { OrganizationFilter } from '../../../../contract/organizations.ts';
import { organizationConnectionTypes } from '../../../../domain/mailbox-sync/mailbox-state.ts';
import { organizationSyncStatuses } from '../../../../domain/organizations/organization-list.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { FilterChoice } from '../../../ui/FilterChoice.tsx';
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
  end: { display: 'flex', flexWrap: 'wrap', marginInlineStart: 'auto' },
});

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
      <FilterChoice
        label={words.connection}
        anyWords={words.anyConnection}
        values={organizationConnectionTypes}
        wordsOf={(type) => texts.connection[type]}
        chosen={filter.connection}
        onChoose={(connection) => onFilter({ ...filter, connection })}
      />
      <FilterChoice
        label={words.synchronization}
        anyWords={words.anySync}
        values={organizationSyncStatuses}
        wordsOf={(status) => words.syncStatus[status]}
        chosen={filter.sync}
        onChoose={(sync) => onFilter({ ...filter, sync })}
      />
      <div className={styles.end}>{children}</div>
    </div>
  );
}
