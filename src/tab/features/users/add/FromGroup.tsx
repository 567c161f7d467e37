import { Button, makeStyles, SearchBox, Text, tokens } from '@fluentui/react-components';
import { ArrowLeftRegular } from '@fluentui/react-icons/svg/arrow-left';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { useState } from 'react';
import { DirectoryGate } from '../../../graph/DirectoryGate.tsx';
import { DirectoryResults } from '../../../graph/DirectoryResults.tsx';
import type { Directory, DirectoryGroup } from '../../../graph/directory.ts';
import { groupScopes } from '../../../graph/scopes.ts';
import { useGroupMembers, useGroupSearch } from '../../../graph/use-directory-search.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { useSettled } from '../../../ui/use-settled.ts';
import { commandLimit } from '../user-commands.ts';
import type { Chosen } from './AddUsersForm.tsx';
import { PersonList } from './PersonList.tsx';

interface Props {
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}

const useStyles = makeStyles({
  search: { maxWidth: 'none' },
  groups: { display: 'grid', maxHeight: '280px', margin: 0, padding: 0, overflowY: 'auto', listStyleType: 'none' },
  group: { justifyContent: 'start', width: '100%', minHeight: '44px' },
  address: { color: tokens.colorNeutralForeground2 },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

export function FromGroup(props: Props) {
  return (
    <DirectoryGate scopes={groupScopes}>
      {(directory) => <GroupSearch directory={directory} {...props} />}
    </DirectoryGate>
  );
}

function GroupSearch({ directory, chosen, onChoose }: Props & { directory: Directory }) {
  const styles = useStyles();
  const { addUsers: words } = useTexts();
  const [typed, setTyped] = useState('');
  const [group, setGroup] = useState<DirectoryGroup>();
  const text = useSettled(typed.trim());
  const query = useGroupSearch(directory, text);
  const isSearching = text.length >= 2;

  if (group) {
    return (
      <GroupMembers
        directory={directory}
        group={group}
        chosen={chosen}
        onChoose={onChoose}
        onBack={() => setGroup(undefined)}
      />
    );
  }
  return (
    <>
      <SearchBox
        className={styles.search}
        autoFocus
        placeholder={words.searchGroups}
        aria-label={words.searchGroups}
        value={typed}
        maxLength={100}
        onChange={(_, { value }) => setTyped(value)}
      />
      <Text>{isSearching ? words.chooseGroup : words.searchHint}</Text>
      <DirectoryResults
        query={query}
        isSearching={isSearching}
        isEmpty={!isSearching || query.data?.length === 0}
        empty={words.noGroups}
      >
        <ul className={styles.groups} aria-label={words.groups}>
          {query.data?.map((found) => (
            <li key={found.id}>
              <Button
                className={styles.group}
                appearance="subtle"
                icon={<PeopleTeamRegular />}
                onClick={() => setGroup(found)}
              >
                <span>
                  {found.displayName} {found.mail && <span className={styles.address}>{found.mail}</span>}
                </span>
              </Button>
            </li>
          ))}
        </ul>
      </DirectoryResults>
    </>
  );
}

interface MembersProps extends Props {
  readonly directory: Directory;
  readonly group: DirectoryGroup;
  readonly onBack: () => void;
}

function GroupMembers({ directory, group, chosen, onChoose, onBack }: MembersProps) {
  const styles = useStyles();
  const { addUsers: words } = useTexts();
  const query = useGroupMembers(directory, group.id, commandLimit);
  const members = query.data ?? [];
  const selectAll = () => onChoose(new Map([...chosen, ...members.map((member) => [member.id, member] as const)]));
  return (
    <>
      <div className={styles.line}>
        <Button appearance="subtle" icon={<ArrowLeftRegular />} onClick={onBack}>
          {words.backToGroups}
        </Button>
        <Text weight="semibold">{group.displayName}</Text>
        {query.data && <Text>{words.members(members.length)}</Text>}
        {members.length > 0 && (
          <Button size="small" onClick={selectAll}>
            {words.selectAll}
          </Button>
        )}
      </div>
      <DirectoryResults query={query} isSearching isEmpty={members.length === 0} empty={words.groupEmpty}>
        <PersonList label={group.displayName} people={members} chosen={chosen} onChoose={onChoose} />
      </DirectoryResults>
    </>
  );
}
