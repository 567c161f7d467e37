import { Button, Menu, MenuList, MenuPopover, makeStyles, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { useCallback, useMemo, useState } from 'react';
import type { User } from '../../contract/users.ts';
import type { UserId } from '../../domain/ids.ts';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { AddUsersDialog } from '../features/provisioning/AddUsersDialog.tsx';
import { UserDrawer } from '../features/users/details/UserDrawer.tsx';
import { ExportUsersButton } from '../features/users/ExportUsersButton.tsx';
import { UsersGrid } from '../features/users/grid/UsersGrid.tsx';
import { MoveUsersDialog } from '../features/users/MoveUsersDialog.tsx';
import { RemoveUsersDialog } from '../features/users/RemoveUsersDialog.tsx';
import { UserCommandBar } from '../features/users/UserCommandBar.tsx';
import { UserCommandItems } from '../features/users/UserCommandItems.tsx';
import { UserFilters } from '../features/users/UserFilters.tsx';
import { UsersFacts } from '../features/users/UsersFacts.tsx';
import { useExportUsers } from '../features/users/use-export-users.ts';
import { useFetchMatching, useUsers } from '../features/users/use-users.ts';
import { commandLimit } from '../features/users/user-commands.ts';
import { PlaceLink } from '../shell/PlaceLink.tsx';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorBar } from '../ui/ErrorBar.tsx';
import { Page } from '../ui/Page.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { useUserCommands } from './use-user-commands.ts';

const useStyles = makeStyles({
  // Taken out of the flow, so that opening a row's menu moves nothing.
  menuAnchor: { position: 'fixed' },
});

/** Who works, who does not, why? */
export function UsersPage() {
  const styles = useStyles();
  const { access, users: words, overview } = useTexts();
  const { place, go } = usePlace();
  const organizations = useOrganizations();
  const filter = useMemo(
    () => ({ organizationId: place.organizationId, status: place.status, search: place.search }),
    [place.organizationId, place.status, place.search],
  );
  const query = useUsers(filter);
  const [selected, setSelected] = useState<ReadonlyMap<UserId, User>>(new Map());
  const [menu, setMenu] = useState<{ user: User; target: HTMLElement }>();
  const [isAdding, setAdding] = useState(false);
  const focusTarget = useRestoreFocusTarget();
  const fetchMatching = useFetchMatching();
  const exporting = useExportUsers();
  const clear = useCallback(() => setSelected(new Map()), []);
  const commands = useUserCommands({ organizations: organizations.data ?? [], onDone: clear });

  const search = useCallback(
    (text: string) => go({ ...place, search: text || undefined }, { replace: true }),
    [go, place],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const users = query.data?.users ?? [];
  // What is selected keeps its newest state, also when a command has changed it.
  const chosen = [...selected.values()].map((user) => users.find(({ id }) => id === user.id) ?? user);
  const select = (ids: ReadonlySet<UserId>) => {
    const known = new Map([...selected, ...users.map((user) => [user.id, user] as const)]);
    setSelected(new Map([...known].filter(([id]) => ids.has(id))));
  };
  const selectAllMatching = () =>
    fetchMatching.mutate(
      { filter, limit: commandLimit },
      { onSuccess: (found) => setSelected(new Map(found.map((user) => [user.id, user]))) },
    );

  const organization = organizations.data?.find(({ id }) => id === place.organizationId);
  const canAdd = (organizations.data?.length ?? 0) > 0;
  const isFiltered = Boolean(place.status || place.search);
  const addButton = (
    <Button appearance="primary" {...focusTarget} icon={<AddRegular />} onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <Page
      title={words.title}
      facts={<UsersFacts counts={query.data?.counts} organizations={organizations.data} organization={organization} />}
      actions={
        canAdd && (
          <>
            <ExportUsersButton
              matching={query.data?.total}
              isExporting={exporting.isPending}
              onExport={(format) => exporting.mutate({ filter, format })}
            />
            {addButton}
          </>
        )
      }
    >
      {exporting.error && (
        <ErrorBar
          error={exporting.error}
          onTryAgain={() => exporting.mutate({ filter, format: exporting.variables.format })}
        />
      )}
      <UserFilters
        search={place.search ?? ''}
        status={place.status}
        counts={query.data?.counts}
        onSearch={search}
        onStatus={(status) => go({ ...place, status })}
      />
      {chosen.length > 0 && (
        <UserCommandBar
          users={chosen}
          context={commands.context}
          matching={query.data?.total ?? 0}
          isSelecting={fetchMatching.isPending}
          onCommand={commands.run}
          onSelectAllMatching={selectAllMatching}
          onClear={clear}
        />
      )}
      <QueryView query={query}>
        {({ users: shown, total }) =>
          shown.length > 0 ? (
            <UsersGrid
              users={shown}
              total={total}
              selected={new Set(selected.keys())}
              openId={place.userId}
              isLoadingMore={isFetchingNextPage}
              onSelect={select}
              onOpen={(user) => go({ ...place, userId: user.id })}
              onMenu={(user, target) => setMenu({ user, target })}
              onEndReached={loadMore}
            />
          ) : isFiltered ? (
            <EmptyState
              Icon={PeopleRegular}
              title={words.noMatchTitle}
              text={words.noMatchText}
              action={
                <Button onClick={() => go({ ...place, status: undefined, search: undefined })}>
                  {words.clearFilters}
                </Button>
              }
            />
          ) : (
            <EmptyState
              Icon={PeopleRegular}
              title={words.emptyTitle}
              text={canAdd ? words.emptyText : words.emptyNeedsOrganization}
              action={
                canAdd ? (
                  addButton
                ) : (
                  <Button appearance="primary" onClick={() => go({ page: 'organizations' })}>
                    {overview.createFirst}
                  </Button>
                )
              }
            />
          )
        }
      </QueryView>
      <Menu
        open={menu !== undefined}
        positioning={{ target: menu?.target ?? null, position: 'below', align: 'end' }}
        onOpenChange={(_, data) => {
          if (data.open) return;
          menu?.target.focus();
          setMenu(undefined);
        }}
      >
        <MenuPopover className={styles.menuAnchor}>
          <MenuList>
            {menu && <UserCommandItems users={[menu.user]} context={commands.context} onCommand={commands.run} />}
          </MenuList>
        </MenuPopover>
      </Menu>
      <UserDrawer
        userId={place.userId}
        context={commands.context}
        onCommand={commands.run}
        readLinkOf={(organizationId) => (
          <PlaceLink place={{ page: 'connectivity', organizationId }}>{access.readLink}</PlaceLink>
        )}
        onClose={() => go({ ...place, userId: undefined })}
      />
      {isAdding && (
        <AddUsersDialog
          open
          organization={organization}
          organizations={organizations.data ?? []}
          onClose={() => setAdding(false)}
        />
      )}
      {commands.asking === 'move' && (
        <MoveUsersDialog
          users={commands.asked}
          organizations={organizations.data ?? []}
          onClose={commands.close}
          onMoved={commands.done}
        />
      )}
      {commands.asking === 'remove' && (
        <RemoveUsersDialog users={commands.asked} onClose={commands.close} onRemoved={commands.done} />
      )}
    </Page>
  );
}
