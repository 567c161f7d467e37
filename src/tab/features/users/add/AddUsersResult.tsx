import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { Answer } from '../../../../contract/endpoint.ts';
import type { Organization } from '../../../../contract/organizations.ts';
import type { addUsers } from '../../../../contract/users.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import type { Chosen } from './AddUsersForm.tsx';

interface Props {
  readonly result: Answer<typeof addUsers>;
  readonly chosen: Chosen;
  readonly organization: Organization;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalS, alignContent: 'start' },
  list: { margin: 0, maxHeight: '200px', overflowY: 'auto' },
});

/** What became of everybody who was chosen. */
export function AddUsersResult({ result, chosen, organization, onClose }: Props) {
  const styles = useStyles();
  const { addUsers, common } = useTexts();
  const words = addUsers.done;
  const { added, alreadyHere, inAnotherOrganization: elsewhere } = result;
  return (
    <DialogBody>
      <DialogTitle>{addUsers.title(organization.name)}</DialogTitle>
      <DialogContent>
        <div className={styles.root} role="status">
          <Text weight="semibold">{words.added(added.length)}</Text>
          {alreadyHere.length > 0 && <Text>{words.alreadyHere(alreadyHere.length)}</Text>}
          {elsewhere.length > 0 && (
            <>
              <Text>{words.elsewhere(elsewhere.length)}</Text>
              <ul className={styles.list}>
                {elsewhere.map(({ userId, organizationName }) => (
                  <li key={userId}>
                    {chosen.get(userId)?.displayName ?? userId}: {organizationName}
                  </li>
                ))}
              </ul>
            </>
          )}
          {added.length > 0 && <Text>{words.next}</Text>}
        </div>
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={onClose}>
          {common.close}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}
