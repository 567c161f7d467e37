import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { type ConnectivityCheck, mostNamedUsers } from '../../../contract/mailbox-connectivity.ts';
import type { Organization } from '../../../contract/organizations.ts';
import type { GroupId } from '../../../domain/ids.ts';
import { DirectoryGate } from '../../graph/DirectoryGate.tsx';
import type { DirectoryGroup } from '../../graph/directory.ts';
import { GroupSearch } from '../../graph/GroupSearch.tsx';
import { groupScopes } from '../../graph/scopes.ts';
import { useDirectory } from '../../graph/use-directory.ts';
import { useGroupMembers } from '../../graph/use-directory-search.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { ChosenGroup } from './ChosenGroup.tsx';
import { useStartCheck } from './use-check-commands.ts';

interface Props {
  readonly organization: Organization;
  readonly changeConnection: boolean;
  readonly onStarted: (check: ConnectivityCheck) => void;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  content: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignContent: 'start',
    gap: tokens.spacingVerticalM,
    minHeight: '240px',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  start: { whiteSpace: 'nowrap' },
});

/** Chooses a group of the directory, reads its members as the admin, and starts a check of them. */
export function GroupCheckDialog({ organization, changeConnection, onStarted, onClose }: Props) {
  const styles = useStyles();
  const { addUsers, check, common } = useTexts();
  const words = check.group;
  const { directory } = useDirectory(groupScopes);
  const [group, setGroup] = useState<DirectoryGroup>();
  // One more than the service takes: then it is known that there are too many, without reading all of them.
  const members = useGroupMembers(directory, group?.id, mostNamedUsers + 1);
  const start = useStartCheck();
  const count = members.data?.length ?? 0;
  const mayStart = Boolean(group) && count > 0 && count <= mostNamedUsers && !start.isPending;

  const submit = () => {
    if (!mayStart || !group || !members.data) return;
    const wanted = {
      organizationId: organization.id,
      userIds: members.data.map(({ id }) => id),
      group: { id: group.id.toLowerCase() as GroupId, displayName: group.displayName.slice(0, 256) },
      changeConnection,
    };
    start.mutate(wanted, { onSuccess: (started) => onStarted(started.check) });
  };
  return (
    <Dialog open onOpenChange={(_, data) => data.open || onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.title}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text className={styles.quiet}>
              {words.text(organization.name)} {!changeConnection && check.willChangeNothing}
            </Text>
            {start.error && <ErrorBar error={start.error} />}
            <DirectoryGate scopes={groupScopes}>
              {(offered) =>
                group ? (
                  <ChosenGroup group={group} members={members} onBack={() => setGroup(undefined)} />
                ) : (
                  <GroupSearch directory={offered} hint={addUsers.chooseGroup} autoFocus onChoose={setGroup} />
                )
              }
            </DirectoryGate>
          </DialogContent>
          <DialogActions>
            <Button className={styles.start} appearance="primary" disabledFocusable={!mayStart} onClick={submit}>
              {start.isPending ? words.starting : words.start}
            </Button>
            <Button onClick={onClose}>{common.cancel}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
