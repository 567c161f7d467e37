import { ActivityTable } from '../features/activity/ActivityTable.tsx';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { PlaceLink } from '../shell/PlaceLink.tsx';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { Page } from '../ui/Page.tsx';
import { RunDrawer } from './RunDrawer.tsx';

export function ActivityPage() {
  const { activity, userCommands } = useTexts();
  const { place } = usePlace();
  const organizations = useOrganizations();
  const picked = organizations.data?.find(({ id }) => id === place.organizationId);
  return (
    <Page title={activity.title} facts={picked?.name}>
      <ActivityTable
        organizationName={picked?.name}
        runLinkOf={(runId) => <PlaceLink place={{ ...place, runId }}>{userCommands.openResults}</PlaceLink>}
      />
      <RunDrawer />
    </Page>
  );
}
