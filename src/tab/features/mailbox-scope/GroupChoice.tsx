import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { useState } from 'react';
import type { GroupId } from '../../../domain/ids.ts';
import { useSignIn } from '../../auth/sign-in-context.ts';
import { DirectoryGate } from '../../graph/DirectoryGate.tsx';
import type { Directory, DirectoryGroup } from '../../graph/directory.ts';
import { GroupSearch } from '../../graph/GroupSearch.tsx';
import { groupScopes } from '../../graph/scopes.ts';
import { useTexts } from '../../texts/texts-context.tsx';

interface Props {
  readonly onChoose: (groupId: GroupId | undefined) => void;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const useStyles = makeStyles({
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
      {(directory) => <ChosenGroup directory={directory} {...props} />}
    </DirectoryGate>
  );
}

function ChosenGroup({ directory, onChoose }: Props & { directory: Directory }) {
  const styles = useStyles();
  const { scope } = useTexts();
  const [chosen, setChosen] = useState<DirectoryGroup>();
  const choose = (group: DirectoryGroup | undefined) => {
    setChosen(group);
    onChoose(group?.id.toLowerCase() as GroupId | undefined);
  };
  if (!chosen) return <GroupSearch directory={directory} onChoose={choose} />;
  return (
    <div className={styles.chosen}>
      <PeopleTeamRegular />
      <div className={styles.words}>
        <Text weight="semibold">{chosen.displayName}</Text>
        <Text className={styles.quiet}>{[chosen.mail, scope.groupKind[chosen.kind]].filter(Boolean).join(' · ')}</Text>
      </div>
      <Button onClick={() => choose(undefined)}>{scope.limit.otherGroup}</Button>
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
