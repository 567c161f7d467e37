import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import {
  bringEwsResult,
  type EwsMigration,
  getEwsCockpit,
  getEwsListScript,
  getEwsReadingScript,
  listEwsMigrants,
  listEwsMigrations,
  readEwsAccess,
  startEwsMigration,
  steerEwsMigration,
  steerEwsRing,
} from '../../../contract/ews-migrations.ts';
import { downloadMigrationReport } from '../../../contract/reports.ts';
import type { MigrantState } from '../../../domain/ews-migration/migrant-state.ts';
import { isOpenMigration, type RingName } from '../../../domain/ews-migration/migration-state.ts';
import type { EwsListChange } from '../../../domain/exchange-plan/ews-plan.ts';
import type { AppId, EwsMigrationId, OrganizationId, UserId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useToast } from '../../ui/toast.tsx';

const slug = 'ews-migrations';
const cockpitKey = [slug, 'cockpit'];
const listKey = [slug, 'list'];
const lookEveryMs = 2_000;

/** Who is still on Exchange Web Services, and how long the tenant may use them. */
export function useEwsCockpit({ isMoving }: { readonly isMoving: boolean }) {
  const api = useApi();
  const queries = useQueryClient();
  const wasMoving = useRef(isMoving);
  useEffect(() => {
    // The last step of a ring comes after the last look: the numbers are read once more when it stands still.
    if (wasMoving.current && !isMoving) void queries.invalidateQueries({ queryKey: cockpitKey });
    wasMoving.current = isMoving;
  }, [isMoving, queries]);
  return useQuery({
    queryKey: cockpitKey,
    queryFn: ({ signal }) => api.call(getEwsCockpit, {}, { signal }),
    refetchInterval: isMoving ? lookEveryMs : false,
  });
}

/** The latest migrations, newest first; looked at again while a ring goes. */
export function useEwsMigrations() {
  const api = useApi();
  return useQuery({
    queryKey: listKey,
    queryFn: async ({ signal }) => (await api.call(listEwsMigrations, { query: {} }, { signal })).migrations,
    refetchInterval: ({ state: { data } }) => (data?.some(isMoving) ? lookEveryMs : false),
  });
}

/** Whether something changes by itself. */
export function isMoving({ state, rings }: EwsMigration): boolean {
  if (rings.some((ring) => ring.state === 'switching' || ring.state === 'returning')) return true;
  const isHeld = rings.some((ring) => ring.state === 'held' || ring.state === 'returned');
  return isOpenMigration(state) && state === 'running' && !isHeld;
}

/** What can be done about migrations. */
export function useMigrationCommands() {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const { ews: words } = useTexts();
  const onSuccess = (migration: EwsMigration) => showMigration(queries, migration);
  const start = useMutation({
    mutationFn: ({ organizationId, ...body }: StartedMigration) =>
      api.call(startEwsMigration, { params: { organizationId }, body }),
    onSuccess,
  });
  const steer = useMutation({
    mutationFn: ({ migrationId, wish }: { migrationId: EwsMigrationId; wish: 'pause' | 'resume' | 'cancel' }) =>
      api.call(steerEwsMigration, { params: { migrationId }, body: { wish } }),
    onSuccess,
  });
  const steerRing = useMutation({
    mutationFn: ({ migrationId, ring, wish }: { migrationId: EwsMigrationId; ring: RingName; wish: RingWish }) =>
      api.call(steerEwsRing, { params: { migrationId, ring }, body: { wish } }),
    onSuccess,
  });
  const report = useMutation({
    mutationFn: (migrationId: EwsMigrationId) => api.download(downloadMigrationReport, { params: { migrationId } }),
    onSuccess: ({ fileName, content }) => {
      saveFile(fileName, content);
      toast(words.migration.reported(fileName));
      return queries.invalidateQueries({ queryKey: ['activity'] });
    },
  });
  return { start, steer, steerRing, report };
}

export type RingWish = 'again' | 'accept' | 'return';

export interface StartedMigration {
  readonly organizationId: OrganizationId;
  readonly canarySize: number;
  readonly failureLimit: number;
  readonly returnsHeldRings: boolean;
  readonly ewsAppId: AppId;
}

/** What Exchange says, read and brought, and scripts that change one entry of its list. */
export function useEwsExchange() {
  const api = useApi();
  const queries = useQueryClient();
  const onSuccess = (cockpit: object) => {
    queries.setQueryData(cockpitKey, cockpit);
    void queries.invalidateQueries({ queryKey: listKey });
    void queries.invalidateQueries({ queryKey: ['activity'] });
  };
  const read = useMutation({ mutationFn: () => api.call(readEwsAccess, { body: {} }), onSuccess });
  const script = useMutation({
    mutationFn: (wanted: 'read' | { readonly change: EwsListChange; readonly appId: AppId }) =>
      wanted === 'read' ? api.call(getEwsReadingScript, {}) : api.call(getEwsListScript, { query: wanted }),
  });
  const bring = useMutation({ mutationFn: (text: string) => api.call(bringEwsResult, { body: { text } }), onSuccess });
  return { read, script, bring };
}

/** Users of a ring with what became of each, page by page. */
export function useMigrants(migrationId: EwsMigrationId, ring: RingName, state: MigrantState | undefined) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [slug, 'users', migrationId, ring, state],
    queryFn: ({ pageParam, signal }) =>
      api.call(
        listEwsMigrants,
        {
          params: { migrationId },
          query: { ring, ...(state ? { state } : {}), ...(pageParam ? { after: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: undefined as UserId | undefined,
    getNextPageParam: ({ users, hasMore }) => (hasMore ? users.at(-1)?.id : undefined),
    select: ({ pages }) => pages.flatMap(({ users }) => users),
  });
}

function showMigration(queries: QueryClient, migration: EwsMigration): void {
  queries.setQueryData<EwsMigration[]>(listKey, (list) => [
    ...(list?.some(({ id }) => id === migration.id) ? [] : [migration]),
    ...(list ?? []).map((one) => (one.id === migration.id ? migration : one)),
  ]);
  for (const key of [
    cockpitKey,
    [slug, 'users'],
    ['users'],
    ['organizations'],
    ['activity'],
    ['mailbox-connectivity'],
  ]) {
    void queries.invalidateQueries({ queryKey: key });
  }
}
