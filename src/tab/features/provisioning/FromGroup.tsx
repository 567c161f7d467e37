import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowLeftRegular } from '@fluentui/react-icons/svg/arrow-left';
import { useState } from 'react';
import { mostNamedPeople } from '../../../contract/provisioning.ts';
import { DirectoryGate } from '../../graph/DirectoryGate.tsx';
import { DirectoryResults } from '../../graph/DirectoryResults.tsx';
import type { Directory, DirectoryGroup } from '../../graph/directory.ts';
import { GroupSearch } from '../../graph/GroupSearch.tsx';
import { groupScopes } from '../../graph/scopes.ts';
import { useGroupMembers } from '../../graph/use-directory-search.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import type { Chosen } from './AddUsersWizard.tsx';
import { PersonList } from './PersonList.tsx';

interface Props {
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

export function FromGroup(props: Props) {
  return (
    <DirectoryGate scopes={groupScopes}>
      {(directory) => <GroupThenMembers directory={directory} {...props} />}
    </DirectoryGate>
  );
}

function GroupThenMembers({ directory, chosen, onChoose }: Props & { directory: Directory }) {
  const { addUsers: words } = useTexts();
  const [group, setGroup] = useState<DirectoryGroup>();
  if (!group) return <GroupSearch directory={directory} hint={words.chooseGroup} autoFocus onChoose={setGroup} />;
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

interface MembersProps extends Props {
  readonly directory: Directory;
  readonly group: DirectoryGroup;
  readonly onBack: () => void;
}

function GroupMembers({ directory, group, chosen, onChoose, onBack }: MembersProps) {
  const styles = useStyles();
  const { addUsers: words } = useTexts();
  const query = useGroupMembers(directory, group.id, mostNamedPeople);
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
