import { makeStyles, mergeClasses, SearchBox, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type AccessCounts, totalOf } from '../../../contract/access-counts.ts';
import type { UserFilter } from '../../../contract/users.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import { connectionTypes, mailboxStates } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { userSyncStatuses } from '../../../domain/users/user-list.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { FilterChoice } from '../../ui/FilterChoice.tsx';
import { StatusLabel } from '../../ui/StatusLabel.tsx';
import { useSlashKey } from '../../ui/use-slash-key.ts';
import { useFacetCounts } from './use-users.ts';

interface Props {
  readonly filter: UserFilter;
  readonly counts: AccessCounts | undefined;
  /** An answer is under way. */
  readonly isAsking: boolean;
  readonly onSearch: (search: string) => void;
  readonly onFilter: (filter: UserFilter) => void;
  /** What else says how the list shows, at its end. */
  readonly children: ReactNode;
}

const useStyles = makeStyles({
  root: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  search: { width: '280px', maxWidth: '100%' },
  pills: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalXS,
    border: 'none',
    margin: 0,
    padding: 0,
    minWidth: 0,
  },
  pill: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minHeight: '32px',
    padding: `0 ${tokens.spacingHorizontalM}`,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    fontFamily: 'inherit',
    fontSize: tokens.fontSizeBase300,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground3 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
  pressed: {
    border: `1px solid ${tokens.colorCompoundBrandStroke}`,
    backgroundColor: tokens.colorBrandBackground2,
    fontWeight: tokens.fontWeightSemibold,
  },
  choices: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, minWidth: 0 },
  end: { display: 'flex', flexWrap: 'wrap', marginInlineStart: 'auto' },
  count: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

/** Keys that come as soon after each other, before the last one is answered, are asked for once. */
const typingMs = 40;

/** Search, status pills and three menus; all live in the address. */
export function UserFilters({ filter, counts, isAsking, onSearch, onFilter, children }: Props) {
  const { search = '', status, connection, sync, mailboxState } = filter;
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.users;
  const { number } = useFormat();
  const [typed, setTyped] = useState(search);
  const input = useRef<HTMLInputElement>(null);
  useSlashKey(input);

  // The address may change by a link or by going back; what was typed here comes back while more is being typed.
  const sent = useRef(search);
  useEffect(() => {
    if (search === sent.current) return;
    sent.current = search;
    setTyped(search);
  }, [search]);
  useEffect(() => {
    const text = typed.trim();
    if (text === sent.current) return;
    const send = () => {
      sent.current = text;
      onSearch(text);
    };
    if (!isAsking) return send();
    const timer = setTimeout(send, typingMs);
    return () => clearTimeout(timer);
  }, [typed, isAsking, onSearch]);

  const connections = useFacetCounts('connection', filter);
  const switches = useFacetCounts('sync', filter);
  const states = useFacetCounts('mailboxState', filter);

  const all = counts && totalOf(counts);
  // While they are counted, the pills stay where they are, without numbers.
  const known = useRef(counts);
  known.current = counts ?? known.current;
  const shown = accessStatuses.filter((name) => name === status || (known.current && known.current[name] > 0));
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
      <fieldset className={styles.pills} aria-label={words.filterByStatus}>
        <button
          type="button"
          className={mergeClasses(styles.pill, !status && styles.pressed)}
          aria-pressed={!status}
          onClick={() => onFilter({ ...filter, status: undefined })}
        >
          {words.all} {all !== undefined && <span className={styles.count}>{number(all)}</span>}
        </button>
        {shown.map((name) => (
          <button
            key={name}
            type="button"
            className={mergeClasses(styles.pill, name === status && styles.pressed)}
            aria-pressed={name === status}
            onClick={() => onFilter({ ...filter, status: name === status ? undefined : name })}
          >
            <StatusLabel status={name} />
            {counts && <span className={styles.count}>{number(counts[name])}</span>}
          </button>
        ))}
      </fieldset>
      <div className={styles.choices}>
        <FilterChoice
          label={words.columns.connection}
          anyWords={texts.organizations.anyConnection}
          values={connectionTypes}
          wordsOf={(type) => texts.connection[type]}
          chosen={connection}
          onChoose={(chosen) => onFilter({ ...filter, connection: chosen })}
          counts={connections.counts}
          onOpenChange={connections.show}
        />
        <FilterChoice
          label={texts.organizations.synchronization}
          anyWords={texts.organizations.anySync}
          values={userSyncStatuses}
          wordsOf={(value) => texts.organizations.syncStatus[value]}
          chosen={sync}
          onChoose={(chosen) => onFilter({ ...filter, sync: chosen })}
          counts={switches.counts}
          onOpenChange={switches.show}
        />
        <FilterChoice
          label={words.columns.mailboxStatus}
          anyWords={words.anyMailboxStatus}
          values={mailboxStates}
          wordsOf={(value) => texts.mailboxStatus[value]}
          chosen={mailboxState}
          onChoose={(chosen) => onFilter({ ...filter, mailboxState: chosen })}
          counts={states.counts}
          onOpenChange={states.show}
        />
      </div>
      <div className={styles.end}>{children}</div>
    </div>
  );
}
