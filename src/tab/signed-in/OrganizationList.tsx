import { Button } from '@fluentui/react-components';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { useCallback, useMemo, useState } from 'react';
import type { Organization } from '../../contract/organizations.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { organizationColumns } from '../../domain/organizations/organization-list.ts';
import { CommandResultDialog } from '../features/organizations/list/CommandResultDialog.tsx';
import {
  matchingOrganizations,
  type OrganizationFilter,
} from '../features/organizations/list/matching-organizations.ts';
import { OrganizationCommandBar } from '../features/organizations/list/OrganizationCommandBar.tsx';
import { OrganizationFilters } from '../features/organizations/list/OrganizationFilters.tsx';
import { OrganizationMenu } from '../features/organizations/list/OrganizationMenu.tsx';
import { OrganizationsGrid } from '../features/organizations/list/OrganizationsGrid.tsx';
import { initialColumns } from '../features/organizations/list/organization-columns.tsx';
import { PlaceLink } from '../shell/PlaceLink.tsx';
import { addressOf } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { useRememberedWords } from '../ui/use-remembered.ts';
import { useOrganizationCommands } from './use-organization-commands.ts';

/** The organizations of the tenant, as the address filters and sorts them. */
export function OrganizationList({ organizations }: { organizations: readonly Organization[] }) {
  const texts = useTexts();
  const words = texts.organizations;
  const { place, go } = usePlace();
  const { search, connection, sync, sort } = place;
  const [columns, setColumns] = useRememberedWords('organization-columns', organizationColumns, initialColumns);
  const [selected, setSelected] = useState<ReadonlySet<OrganizationId>>(new Set());
  const [menu, setMenu] = useState<{ organization: Organization; target: HTMLElement }>();
  const commands = useOrganizationCommands();
  const filter = useMemo(() => ({ search, connection, sync }), [search, connection, sync]);
  const shown = useMemo(
    () => matchingOrganizations(organizations, filter, sort, texts),
    [organizations, filter, sort, texts],
  );
  // What is not shown is not selected: a command must not reach what cannot be seen.
  const chosen = shown.filter(({ id }) => selected.has(id));
  const setFilter = useCallback(
    (next: OrganizationFilter) => go({ page: 'organizations', sort, ...next }, { replace: true }),
    [go, sort],
  );

  return (
    <>
      <OrganizationFilters filter={filter} columns={columns} onFilter={setFilter} onColumns={setColumns} />
      <span role="status">{words.factsLine(shown.length, organizations.length)}</span>
      {chosen.length > 0 && (
        <OrganizationCommandBar
          organizations={chosen}
          isRunning={commands.isRunning}
          onCommand={(command) => commands.start(command, chosen)}
          onClear={() => setSelected(new Set())}
        />
      )}
      {shown.length > 0 ? (
        <OrganizationsGrid
          organizations={shown}
          chosen={columns}
          sort={sort}
          selected={new Set(chosen.map(({ id }) => id))}
          hrefOf={(organizationId) => addressOf({ page: 'organizations', organizationId })}
          onOpen={(organizationId) => go({ page: 'organizations', organizationId })}
          onSort={(next) => go({ page: 'organizations', ...filter, sort: next }, { replace: true })}
          onSelect={setSelected}
          onMenu={(organization, target) => setMenu({ organization, target })}
        />
      ) : (
        <EmptyState
          Icon={BuildingRegular}
          title={words.noMatchTitle}
          text={words.noMatchText}
          action={<Button onClick={() => setFilter({})}>{words.clearFilters}</Button>}
        />
      )}
      <OrganizationMenu
        opened={menu}
        isRunning={commands.isRunning}
        onOpen={({ id: organizationId }, page) => go({ page, organizationId })}
        onCommand={(command, organization) => commands.start(command, [organization])}
        onClose={() => setMenu(undefined)}
      />
      {commands.command && (
        <CommandResultDialog
          command={commands.command}
          results={commands.results}
          isRunning={commands.isRunning}
          checkLinkOf={({ id: organizationId }, checkId) => (
            <PlaceLink place={{ page: 'connectivity', organizationId, checkId }}>{words.openCheck}</PlaceLink>
          )}
          onStop={commands.stop}
          onClose={commands.close}
        />
      )}
    </>
  );
}
