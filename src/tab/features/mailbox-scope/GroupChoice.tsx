import { Button, Field, Input, makeStyles, SearchBox, Text, tokens } from '@fluentui/react-components';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { useState } from 'react';
import type { GroupId } from '../../../domain/ids.ts';
import { useSignIn } from '../../auth/sign-in-context.ts';
import { DirectoryGate } from '../../graph/DirectoryGate.tsx';
import { DirectoryResults } from '../../graph/DirectoryResults.tsx';
import type { Directory, DirectoryGroup } from '../../graph/directory.ts';
import { groupScopes } from '../../graph/scopes.ts';
import { useGroupSearch } from '../../graph/use-directory-search.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useSettled } from '../../ui/use-settled.ts';

interface Props {
  readonly onChoose: (groupId: GroupId | undefined) => void;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  search: { maxWidth: 'none' },
  groups: { display: 'grid', maxHeight: '264px', margin: 0, padding: 0, overflowY: 'auto', listStyleType: 'none' },
  group: { justifyContent: 'start', width: '100%', minHeight: '44px', textAlign: 'start' },
  chosen: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) auto',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    '& svg': { fontSize: '20px' },
  },
  words: { display: 'grid', minWidth: 0, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
});

/** The group of the limit: searched in the directory as the admin, or by its id where that is not possible. */
export function GroupChoice(props: Props) {
  const { getGraphToken } = useSignIn();
  if (!getGraphToken) return <GroupById {...props} />;
  return (
    <DirectoryGate scopes={groupScopes}>
      {(directory) => <GroupSearch directory={directory} {...props} />}
    </DirectoryGate>
  );
}

function GroupSearch({ directory, onChoose }: Props & { directory: Directory }) {
  const styles = useStyles();
  const { addUsers, scope } = useTexts();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<DirectoryGroup>();
  const text = useSettled(typed.trim());
  const query = useGroupSearch(directory, text);
  const isSearching = text.length >= 2;
  const choose = (group: DirectoryGroup | undefined) => {
    setChosen(group);
    onChoose(group?.id.toLowerCase() as GroupId | undefined);
  };

  if (chosen) {
    return (
      <div className={styles.chosen}>
        <PeopleTeamRegular />
        <div className={styles.words}>
          <Text weight="semibold">{chosen.displayName}</Text>
          <Text className={styles.quiet}>
            {[chosen.mail, scope.groupKind[chosen.kind]].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Button onClick={() => choose(undefined)}>{scope.limit.otherGroup}</Button>
      </div>
    );
  }
  return (
    <div className={styles.root}>
      <SearchBox
        className={styles.search}
        placeholder={addUsers.searchGroups}
        aria-label={addUsers.searchGroups}
        value={typed}
        maxLength={100}
        onChange={(_, { value }) => setTyped(value)}
      />
      {!isSearching && <Text className={styles.quiet}>{addUsers.searchHint}</Text>}
      <DirectoryResults
        query={query}
        isSearching={isSearching}
        isEmpty={!isSearching || query.data?.length === 0}
        empty={addUsers.noGroups}
      >
        <ul className={styles.groups} aria-label={addUsers.groups}>
          {query.data?.map((found) => (
            <li key={found.id}>
              <Button
                className={styles.group}
                appearance="subtle"
                icon={<PeopleTeamRegular />}
                onClick={() => choose(found)}
              >
                <span className={styles.words}>
                  <span>{found.displayName}</span>
                  <Text size={200} className={styles.quiet}>
                    {[found.mail, scope.groupKind[found.kind]].filter(Boolean).join(' · ')}
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

function GroupById({ onChoose }: Props) {
  const { limit: words } = useTexts().scope;
  const [typed, setTyped] = useState('');
  const isInvalid = typed.trim().length > 0 && !guid.test(typed.trim());
  return (
    <Field
      label={words.groupId}
      hint={words.groupIdHint}
      validationMessage={isInvalid ? words.groupIdInvalid : undefined}
      validationState={isInvalid ? 'error' : 'none'}
    >
      <Input
        value={typed}
        maxLength={40}
        spellCheck={false}
        onChange={(_, { value }) => {
          setTyped(value);
          const id = value.trim().toLowerCase();
          onChoose(guid.test(id) ? (id as GroupId) : undefined);
        }}
      />
    </Field>
  );
}
