import { Button, Menu, MenuList, MenuPopover, makeStyles, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { useCallback, useMemo, useState } from 'react';
import type { User, UserFilter } from '../../contract/users.ts';
import type { UserId } from '../../domain/ids.ts';
import { initialUserColumns, initialUserSorts, userColumns } from '../../domain/users/user-list.ts';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { AddUsersDialog } from '../features/provisioning/AddUsersDialog.tsx';
import { ViewsMenu } from '../features/saved-views/ViewsMenu.tsx';
import { CommandConfirmDialog, confirmedCommands } from '../features/users/CommandConfirmDialog.tsx';
import { UserDrawer } from '../features/users/details/UserDrawer.tsx';
import { ExportUsersButton } from '../features/users/ExportUsersButton.tsx';
import { UsersGrid } from '../features/users/grid/UsersGrid.tsx';
import { MoveUsersDialog } from '../features/users/MoveUsersDialog.tsx';
import { UserCommandBar } from '../features/users/UserCommandBar.tsx';
import { UserCommandItems } from '../features/users/UserCommandItems.tsx';
import { UserFilters } from '../features/users/UserFilters.tsx';
import { UsersFacts } from '../features/users/UsersFacts.tsx';
import { useExportUsers } from '../features/users/use-export-users.ts';
import { useUserCounts, useUsers } from '../features/users/use-users.ts';
import { countOf, type UserSelection } from '../features/users/user-commands.ts';
import { useHost } from '../host/host-context.ts';
import { shareTeamsLink } from '../host/teams-share.ts';
import { PlaceLink } from '../shell/PlaceLink.tsx';
import { ShareButton } from '../shell/ShareButton.tsx';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { ColumnChooser } from '../ui/ColumnChooser.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorBar } from '../ui/ErrorBar.tsx';
import { Page } from '../ui/Page.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { useRememberedWords } from '../ui/use-remembered.ts';
import { RunDrawer } from './RunDrawer.tsx';
import { placeOfView, useDefaultView } from './use-default-view.ts';
import { useUserCommands } from './use-user-commands.ts';

const useStyles = makeStyles({
  // Taken out of the flow, so that opening a row's menu moves nothing.
  menuAnchor: { position: 'fixed' },
});

/** Who works, who does not, why? */
export function UsersPage() {
  const styles = useStyles();
  const { access, users: words, overview, organizations: ofOrganization } = useTexts();
  const { place, go } = usePlace();
  const host = useHost();
  const organizations = useOrganizations();
  const filter = useMemo(
    () => ({
      organizationId: place.organizationId,
      status: place.status,
      search: place.search,
      connection: place.userConnection,
      sync: place.userSync,
      mailboxState: place.mailboxState,
    }),
    [place.organizationId, place.status, place.search, place.userConnection, place.userSync, place.mailboxState],
  );
  const sorts = place.userSorts ?? initialUserSorts;
  const [remembered, remember] = useRememberedWords('user-columns', userColumns, initialUserColumns);
  const columns = place.userColumns ?? remembered;
  useDefaultView('users');
  const query = useUsers(filter, sorts);
  const { counts, total } = useUserCounts(filter, query);
  const [selected, setSelected] = useState<ReadonlyMap<UserId, User>>(new Map());
  /** The filter whose every user is selected; another filter selects nobody by itself. */
  const [everybodyOf, setEverybodyOf] = useState<UserFilter>();
  const [menu, setMenu] = useState<{ user: User; target: HTMLElement }>();
  const [isAdding, setAdding] = useState(false);
  const focusTarget = useRestoreFocusTarget();
  const exporting = useExportUsers();
  const clear = useCallback(() => {
    setSelected(new Map());
    setEverybodyOf(undefined);
  }, []);
  const commands = useUserCommands({
    organizations: organizations.data ?? [],
    onDone: clear,
    onRun: (runId) => go({ ...place, userId: undefined, runId }),
  });

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
  const isEverybody = everybodyOf === filter;
  const selection: UserSelection = {
    users: isEverybody ? [] : chosen,
    ...(isEverybody ? { matching: { filter, total: total ?? 0 } } : {}),
  };
  const selectedIds = new Set(isEverybody ? users.map(({ id }) => id) : selected.keys());
  // Whoever is taken out of everybody leaves those that are loaded.
  const select = (ids: ReadonlySet<UserId>) => {
    const known = new Map([...selected, ...users.map((user) => [user.id, user] as const)]);
    setSelected(new Map([...known].filter(([id]) => ids.has(id))));
    setEverybodyOf(undefined);
  };

  const confirmed = confirmedCommands.find((command) => command === commands.asked?.command);
  const organization = organizations.data?.find(({ id }) => id === place.organizationId);
  const canAdd = (organizations.data?.length ?? 0) > 0;
  const isFiltered = Boolean(
    place.status || place.search || place.userConnection || place.userSync || place.mailboxState,
  );
  const addButton = (
    <Button appearance="primary" {...focusTarget} icon={<AddRegular />} onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <Page
      title={words.title}
      facts={<UsersFacts counts={counts} organizations={organizations.data} organization={organization} />}
      actions={
        canAdd && (
          <>
            <ExportUsersButton
              matching={total}
              isExporting={exporting.isPending}
              onExport={(format) => exporting.mutate({ filter, sorts, format })}
            />
            {addButton}
          </>
        )
      }
    >
      {exporting.error && (
        <ErrorBar
          error={exporting.error}
          onTryAgain={() => exporting.mutate({ filter, sorts, format: exporting.variables.format })}
        />
      )}
      <UserFilters
        filter={filter}
        counts={counts}
        isAsking={query.isFetching}
        onSearch={search}
        onFilter={({ status, connection, sync, mailboxState }) =>
          go({ ...place, status, userConnection: connection, userSync: sync, mailboxState })
        }
      >
        <ColumnChooser
          columns={userColumns}
          wordsOf={(column) => words.columns[column]}
          chosen={columns}
          onChoose={(chosen) => {
            remember(chosen);
            go({ ...place, userColumns: chosen }, { replace: true });
          }}
        />
        <ViewsMenu
          shown={{ list: 'users', filter, sort: sorts.join(), columns: [...columns] }}
          onOpen={(view) => go(placeOfView(view))}
        />
      </UserFilters>
      {countOf(selection) > 0 && (
        <UserCommandBar
          selection={selection}
          context={commands.context}
          matching={total ?? 0}
          onCommand={commands.run}
          onSelectAllMatching={() => setEverybodyOf(filter)}
          onClear={clear}
        />
      )}
      <QueryView query={query}>
        {({ users: shown }) =>
          shown.length > 0 ? (
            <UsersGrid
              users={shown}
              listName={JSON.stringify([filter, sorts])}
              total={total}
              chosen={columns}
              sorts={sorts}
              selected={selectedIds}
              openId={place.userId}
              isLoadingMore={isFetchingNextPage}
              onSelect={select}
              onSort={(next) => go({ ...place, userSorts: next }, { replace: true })}
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
                <Button
                  onClick={() =>
                    go({
                      ...place,
                      status: undefined,
                      search: undefined,
                      userConnection: undefined,
                      userSync: undefined,
                      mailboxState: undefined,
                    })
                  }
                >
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
            {menu && (
              <UserCommandItems
                selection={{ users: [menu.user] }}
                context={commands.context}
                onCommand={commands.run}
              />
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      <UserDrawer
        userId={place.userId}
        context={commands.context}
        onCommand={commands.run}
        links={{
          readLinkOf: (organizationId) => (
            <PlaceLink place={{ page: 'connectivity', organizationId }}>{access.readLink}</PlaceLink>
          ),
          checkLinkOf: (checkId, linked) => <PlaceLink place={{ page: 'connectivity', checkId }}>{linked}</PlaceLink>,
          runLinkOf: (runId, linked) => <PlaceLink place={{ ...place, userId: undefined, runId }}>{linked}</PlaceLink>,
        }}
        shareButton={
          <ShareButton
            to={{ page: 'users', userId: place.userId }}
            label={words.details.share}
            onShare={host.kind === 'teams' ? shareTeamsLink : undefined}
          />
        }
        onClose={() => go({ ...place, userId: undefined })}
      />
      {isAdding && (
        <AddUsersDialog
          open
          organization={organization}
          organizations={organizations.data ?? []}
          connectivityLinkOf={(id) => (
            <PlaceLink place={{ page: 'connectivity', organizationId: id }}>
              {ofOrganization.openConnectivity}
            </PlaceLink>
          )}
          onClose={() => setAdding(false)}
        />
      )}
      {commands.asked?.command === 'move' && (
        <MoveUsersDialog
          selection={commands.asked.selection}
          organizations={organizations.data ?? []}
          isPending={commands.isPending}
          error={commands.error}
          onMove={commands.confirm}
          onClose={commands.close}
        />
      )}
      {confirmed && commands.asked && (
        <CommandConfirmDialog
          command={confirmed}
          count={countOf(commands.asked.selection)}
          isPending={commands.isPending}
          error={commands.error}
          onConfirm={() => commands.confirm()}
          onClose={commands.close}
        />
      )}
      <RunDrawer />
    </Page>
  );
}
