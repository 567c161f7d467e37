import { Button, makeStyles, SearchBox, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { DirectoryGate } from '../../graph/DirectoryGate.tsx';
import { DirectoryResults } from '../../graph/DirectoryResults.tsx';
import type { Directory } from '../../graph/directory.ts';
import { peopleScopes } from '../../graph/scopes.ts';
import { usePeopleSearch } from '../../graph/use-directory-search.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import type { Chosen } from './AddUsersWizard.tsx';
import { PersonList } from './PersonList.tsx';

interface Props {
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}

const useStyles = makeStyles({ search: { maxWidth: 'none' } });

export function FromPeople(props: Props) {
  return (
    <DirectoryGate scopes={peopleScopes}>
      {(directory) => <PeopleSearch directory={directory} {...props} />}
    </DirectoryGate>
  );
}

function PeopleSearch({ directory, chosen, onChoose }: Props & { directory: Directory }) {
  const styles = useStyles();
  const { addUsers: words } = useTexts();
  const [typed, setTyped] = useState('');
  const text = useSettled(typed.trim());
  const query = usePeopleSearch(directory, text);
  const kept = [...chosen.values()];
  const isSearching = text.length >= 2;
  const found = isSearching ? (query.data ?? []) : kept;
  return (
    <>
      <SearchBox
        className={styles.search}
        autoFocus
        placeholder={words.searchPeople}
        aria-label={words.searchPeople}
        value={typed}
        maxLength={100}
        onChange={(_, { value }) => setTyped(value)}
      />
      {!isSearching && <Text>{words.searchHint}</Text>}
      <DirectoryResults query={query} isSearching={isSearching} isEmpty={found.length === 0} empty={words.noPeople}>
        <PersonList label={words.people} people={found} chosen={chosen} onChoose={onChoose} />
        {isSearching && query.hasNextPage && (
          <Button
            appearance="subtle"
            disabledFocusable={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {words.loadMore}
          </Button>
        )}
      </DirectoryResults>
    </>
  );
}
