import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { AssignmentRule } from '../../../contract/assignment-rules.ts';
import type { GroupId } from '../../../domain/ids.ts';
import { useSignIn } from '../../auth/sign-in-context.ts';
import { DirectoryGate } from '../../graph/DirectoryGate.tsx';
import { GroupSearch } from '../../graph/GroupSearch.tsx';
import { groupScopes } from '../../graph/scopes.ts';
import { useTexts } from '../../texts/texts-context.tsx';

type GroupCondition = Extract<AssignmentRule['condition'], { kind: 'group' }>;

interface Props {
  readonly group: GroupCondition | undefined;
  readonly onChoose: (group: GroupCondition | undefined) => void;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const useStyles = makeStyles({
  chosen: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  words: { flex: '1 1 160px', minWidth: 0, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The group of a rule: searched in the directory as the admin, or by its id where that is not possible. */
export function RuleGroupChoice({ group, onChoose }: Props) {
  const styles = useStyles();
  const { assignmentRules: words } = useTexts();
  const { getGraphToken } = useSignIn();
  if (!getGraphToken) return <GroupById onChoose={onChoose} />;
  if (group) {
    return (
      <div className={styles.chosen}>
        <Text weight="semibold" className={styles.words}>
          {group.groupName}
        </Text>
        <Button onClick={() => onChoose(undefined)}>{words.otherGroup}</Button>
      </div>
    );
  }
  return (
    <DirectoryGate scopes={groupScopes}>
      {(directory) => (
        <GroupSearch
          directory={directory}
          hint={words.groupHint}
          onChoose={({ id, displayName }) =>
            onChoose({ kind: 'group', groupId: id.toLowerCase() as GroupId, groupName: displayName.slice(0, 256) })
          }
        />
      )}
    </DirectoryGate>
  );
}

function GroupById({ onChoose }: Pick<Props, 'onChoose'>) {
  const { scope, assignmentRules: words } = useTexts();
  const [typed, setTyped] = useState('');
  const isWrong = typed.trim() !== '' && !guid.test(typed.trim());
  return (
    <Field
      label={scope.limit.groupId}
      hint={words.groupHint}
      validationMessage={isWrong ? scope.limit.groupIdInvalid : undefined}
      validationState={isWrong ? 'error' : 'none'}
    >
      <Input
        value={typed}
        spellCheck={false}
        onChange={(_, { value }) => {
          setTyped(value);
          const id = value.trim().toLowerCase();
          onChoose(guid.test(id) ? { kind: 'group', groupId: id as GroupId, groupName: id } : undefined);
        }}
      />
    </Field>
  );
}
