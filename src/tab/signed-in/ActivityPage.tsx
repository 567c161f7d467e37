import { ActivityTable } from '../features/activity/ActivityTable.tsx';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { Page } from '../ui/Page.tsx';

export function ActivityPage() {
  const { activity } = useTexts();
  const { place } = usePlace();
  const organizations = useOrganizations();
  const picked = organizations.data?.find(({ id }) => id === place.organizationId);
  return (
    <Page title={activity.title} facts={picked?.name}>
      <ActivityTable organizationName={picked?.name} />
    </Page>
  );
}
