import { Button, makeStyles, SearchBox, Text, tokens } from '@fluentui/react-components';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { useState } from 'react';
import { useTexts } from '../texts/texts-context.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { DirectoryResults } from './DirectoryResults.tsx';
import type { Directory, DirectoryGroup } from './directory.ts';
import { useGroupSearch } from './use-directory-search.ts';

interface Props {
  readonly directory: Directory;
  /** Typing can begin at once: the search is what has just been opened. */
  readonly autoFocus?: boolean;
  /** What choosing one leads to. */
  readonly hint?: string;
  readonly onChoose: (group: DirectoryGroup) => void;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  search: { maxWidth: 'none' },
  groups: { display: 'grid', maxHeight: '264px', margin: 0, padding: 0, overflowY: 'auto', listStyleType: 'none' },
  group: { justifyContent: 'start', width: '100%', minHeight: '44px', textAlign: 'start' },
  words: { display: 'grid', minWidth: 0, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
});

/** A group of the directory, searched by name or address. */
export function GroupSearch({ directory, autoFocus = false, hint, onChoose }: Props) {
  const styles = useStyles();
  const { addUsers: words, scope } = useTexts();
  const [typed, setTyped] = useState('');
  const text = useSettled(typed.trim());
  const query = useGroupSearch(directory, text);
  const isSearching = text.length >= 2;
  return (
    <div className={styles.root}>
      <SearchBox
        className={styles.search}
        autoFocus={autoFocus}
        placeholder={words.searchGroups}
        aria-label={words.searchGroups}
        value={typed}
        maxLength={100}
        onChange={(_, { value }) => setTyped(value)}
      />
      {(hint || !isSearching) && <Text className={styles.quiet}>{isSearching ? hint : words.searchHint}</Text>}
      <DirectoryResults
        query={query}
        isSearching={isSearching}
        isEmpty={!isSearching || query.data?.length === 0}
        empty={words.noGroups}
      >
        <ul className={styles.groups} aria-label={words.groups}>
          {query.data?.map((group) => (
            <li key={group.id}>
              <Button
                className={styles.group}
                appearance="subtle"
                icon={<PeopleTeamRegular />}
                onClick={() => onChoose(group)}
              >
                <span className={styles.words}>
                  <span>{group.displayName}</span>
                  <Text size={200} className={styles.quiet}>
                    {[group.mail, scope.groupKind[group.kind]].filter(Boolean).join(' · ')}
                  </Text>
                </span>
              </Button>
            </li>
          ))}
        </ul>
      </DirectoryResults>
    </div>
  );
}
