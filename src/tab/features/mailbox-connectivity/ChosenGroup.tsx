import { Button, MessageBar, MessageBarBody, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { ArrowLeftRegular } from '@fluentui/react-icons/svg/arrow-left';
import { mostNamedUsers } from '../../../contract/mailbox-connectivity.ts';
import { DirectoryErrorBar } from '../../graph/DirectoryErrorBar.tsx';
import type { DirectoryGroup } from '../../graph/directory.ts';
import type { useGroupMembers } from '../../graph/use-directory-search.ts';
import { useTexts } from '../../texts/texts-context.tsx';

interface Props {
  readonly group: DirectoryGroup;
  readonly members: ReturnType<typeof useGroupMembers>;
  readonly onBack: () => void;
}

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

/** The group whose members are to be checked, and how many they are. */
export function ChosenGroup({ group, members, onBack }: Props) {
  const styles = useStyles();
  const { addUsers, check } = useTexts();
  const words = check.group;
  const count = members.data?.length;
  return (
    <>
      <div className={styles.line}>
        <Button appearance="subtle" icon={<ArrowLeftRegular />} onClick={onBack}>
          {addUsers.backToGroups}
        </Button>
        <Text weight="semibold">{group.displayName}</Text>
      </div>
      {members.error && <DirectoryErrorBar error={members.error} onTryAgain={() => void members.refetch()} />}
      {members.isFetching && <Spinner size="small" label={words.reading} />}
      {count !== undefined && count <= mostNamedUsers && (
        <Text role="status">{count === 0 ? words.empty : words.members(count)}</Text>
      )}
      {count !== undefined && count > mostNamedUsers && (
        <MessageBar intent="warning">
          <MessageBarBody>{words.tooMany(mostNamedUsers)}</MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}
