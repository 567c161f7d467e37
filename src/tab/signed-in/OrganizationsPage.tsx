import { Button, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { useState } from 'react';
import { NewOrganizationDrawer } from '../features/organizations/NewOrganizationDrawer.tsx';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { OrganizationList } from './OrganizationList.tsx';
import { OrganizationPage } from './OrganizationPage.tsx';
import { useDefaultView } from './use-default-view.ts';

export function OrganizationsPage() {
  const { place, go } = usePlace();
  const texts = useTexts();
  const words = texts.organizations;
  const query = useOrganizations();
  useDefaultView('organizations');
  const [isCreating, setCreating] = useState(false);
  const focusTarget = useRestoreFocusTarget();

  if (place.organizationId)
    return <OrganizationPage key={place.organizationId} organizationId={place.organizationId} />;

  const newButton = (
    <Button appearance="primary" {...focusTarget} icon={<AddRegular />} onClick={() => setCreating(true)}>
      {words.new}
    </Button>
  );
  return (
    <Page title={words.title} actions={newButton}>
      <QueryView query={query}>
        {(organizations) =>
          organizations.length === 0 ? (
            <EmptyState
              Icon={BuildingRegular}
              title={words.emptyTitle}
              text={words.emptyText}
              action={
                <Button appearance="primary" onClick={() => setCreating(true)}>
                  {texts.overview.createFirst}
                </Button>
              }
            />
          ) : (
            <OrganizationList organizations={organizations} />
          )
        }
      </QueryView>
      <NewOrganizationDrawer
        open={isCreating}
        onClose={() => setCreating(false)}
        onCreated={({ id }) => {
          setCreating(false);
          go({ page: 'organizations', organizationId: id });
        }}
      />
    </Page>
  );
}
