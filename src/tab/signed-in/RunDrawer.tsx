import type { UserFilter } from '../../contract/users.ts';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { CommandRunDrawer } from '../features/user-commands/CommandRunDrawer.tsx';
import { PlaceLink } from '../shell/PlaceLink.tsx';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';

/** The command over users that the address names, over any page. */
export function RunDrawer() {
  const texts = useTexts();
  const { place, go } = usePlace();
  const organizations = useOrganizations();
  if (!place.runId) return null;

  const filterWordsOf = ({ organizationId, status, search, connection, sync, mailboxState }: UserFilter) =>
    [
      organizationId && (organizations.data?.find(({ id }) => id === organizationId)?.name ?? organizationId),
      status && texts.status[status],
      connection && texts.connection[connection],
      sync && `${texts.organizations.synchronization}: ${texts.organizations.syncStatus[sync]}`,
      mailboxState && texts.mailboxStatus[mailboxState],
      search && `“${search}”`,
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <CommandRunDrawer
      key={place.runId}
      runId={place.runId}
      filterWordsOf={filterWordsOf}
      userLinkOf={({ userId, displayName }) =>
        displayName === null ? (
          `${texts.userCommands.gone} (${userId})`
        ) : (
          <PlaceLink place={{ page: 'users', userId }}>{displayName}</PlaceLink>
        )
      }
      onClose={() => go({ ...place, runId: undefined })}
    />
  );
}
