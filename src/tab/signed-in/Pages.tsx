import { lazy, Suspense } from 'react';
import { useConfiguration } from '../configuration-context.ts';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { useHost } from '../host/host-context.ts';
import { shareTeamsLink } from '../host/teams-share.ts';
import { Shell } from '../shell/Shell.tsx';
import { usePlace } from '../shell/use-place.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { ActivityPage } from './ActivityPage.tsx';
import { ConnectivityPage } from './ConnectivityPage.tsx';
import { OrganizationsPage } from './OrganizationsPage.tsx';
import { OverviewPage } from './OverviewPage.tsx';

const UsersPage = lazy(async () => ({ default: (await import('./UsersPage.tsx')).UsersPage }));

const LeavingEwsPage = lazy(async () => ({ default: (await import('./LeavingEwsPage.tsx')).LeavingEwsPage }));

const pages = {
  overview: OverviewPage,
  organizations: OrganizationsPage,
  users: UsersPage,
  connectivity: ConnectivityPage,
  'leaving-ews': LeavingEwsPage,
  activity: ActivityPage,
};

/** The shell, and in it the page the address names. */
export function Pages() {
  const { place } = usePlace();
  const { cloudLabel } = useConfiguration();
  const host = useHost();
  const organizations = useOrganizations();
  const Current = pages[place.page];
  return (
    <Shell
      organizations={organizations.data ?? []}
      cloudLabel={cloudLabel}
      onShare={host.kind === 'teams' ? shareTeamsLink : undefined}
    >
      <Suspense fallback={<Waiting />}>
        <Current />
      </Suspense>
    </Shell>
  );
}
