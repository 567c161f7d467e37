import { Button } from '@fluentui/react-components';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { useCallback, useMemo, useState } from 'react';
import type { Organization, OrganizationFilter } from '../../contract/organizations.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { organizationColumns } from '../../domain/organizations/organization-list.ts';
import { CommandResultDialog } from '../features/organizations/list/CommandResultDialog.tsx';
import { matchingOrganizations } from '../features/organizations/list/matching-organizations.ts';
import { OrganizationCommandBar } from '../features/organizations/list/OrganizationCommandBar.tsx';
import { OrganizationFilters } from '../features/organizations/list/OrganizationFilters.tsx';
import { OrganizationMenu } from '../features/organizations/list/OrganizationMenu.tsx';
import { OrganizationsGrid } from '../features/organizations/list/OrganizationsGrid.tsx';
import { initialColumns } from '../features/organizations/list/organization-columns.tsx';
import { ViewsMenu } from '../features/saved-views/ViewsMenu.tsx';
import { PlaceLink } from '../shell/PlaceLink.tsx';
import { addressOf, type Place } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { ColumnChooser } from '../ui/ColumnChooser.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { useRememberedWords } from '../ui/use-remembered.ts';
import { placeOfView } from './use-default-view.ts';
import { useOrganizationCommands } from './use-organization-commands.ts';

/** The organizations of the tenant, as the address filters and sorts them. */
export function OrganizationList({ organizations }: { organizations: readonly Organization[] }) {
  const texts = useTexts();
  const words = texts.organizations;
  const { place, go } = usePlace();
  const { search, connection, sync, sort, organizationColumns: columnsOfAddress } = place;
  const [remembered, remember] = useRememberedWords('organization-columns', organizationColumns, initialColumns);
  const columns = columnsOfAddress ?? remembered;
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
  const show = useCallback((next: Partial<Place>) => go({ ...place, ...next }, { replace: true }), [go, place]);
  const setFilter = useCallback(
    ({ search, connection, sync }: OrganizationFilter) => show({ search, connection, sync }),
    [show],
  );

  return (
    <>
      <OrganizationFilters filter={filter} onFilter={setFilter}>
        <ColumnChooser
          columns={organizationColumns}
          wordsOf={(column) => words[column]}
          chosen={columns}
          onChoose={(chosen) => {
            remember(chosen);
            show({ organizationColumns: chosen });
          }}
        />
        <ViewsMenu
          shown={{ list: 'organizations', filter, sort, columns: [...columns] }}
          onOpen={(view) => go(placeOfView(view))}
        />
      </OrganizationFilters>
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
          onSort={(next) => show({ sort: next })}
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
