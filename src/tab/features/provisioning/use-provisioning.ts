import { skipToken, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  applyProvisioning,
  cancelProvisioning,
  discardProvisioning,
  exportProvisioningRows,
  getProvisioning,
  listProvisioningRows,
  listProvisionings,
  mapProvisioningFile,
  type Provisioning,
  resumeProvisioning,
  startProvisioning,
  uploadProvisioningFile,
} from '../../../contract/provisioning.ts';
import type { OrganizationId, ProvisioningId } from '../../../domain/ids.ts';
import type { CsvMapping } from '../../../domain/provisioning/csv-columns.ts';
import { isUnderWay } from '../../../domain/provisioning/provisioning-state.ts';
import type { RowGroup } from '../../../domain/provisioning/row-verdict.ts';
import type { Api } from '../../api/api.ts';
import { useApi } from '../../api/api-context.ts';
import type { Person } from '../../graph/directory.ts';
import { saveFile } from '../../ui/save-file.ts';

export type Source =
  | { readonly source: 'people' | 'groups'; readonly people: readonly Person[] }
  | { readonly source: 'csv'; readonly file: File }
  | { readonly source: 'licensed' };

const pollEveryMs = 1_000;
/** Small enough for a slow line, large enough for few requests. */
const partBytes = 2 * 1024 * 1024;
const keyOf = (id: ProvisioningId | undefined) => ['provisioning', id];

/** One provisioning, followed while the service works on it. */
export function useProvisioning(id: ProvisioningId | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keyOf(id),
    queryFn: id ? ({ signal }) => api.call(getProvisioning, { params: { provisioningId: id } }, { signal }) : skipToken,
    refetchInterval: ({ state: { data } }) => (data && isUnderWay(data.state) ? pollEveryMs : false),
  });
}

/** What was begun for an organization and has not ended. */
export function useOpenProvisionings(organizationId: OrganizationId | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['provisioning', 'open'],
    queryFn: ({ signal }) => api.call(listProvisionings, { query: {} }, { signal }),
    select: ({ provisionings }) =>
      provisionings.filter((one) => one.organizationId === organizationId && one.state !== 'applied'),
    staleTime: 0,
  });
}

/** Begins with a source; a file is sent part by part, and goes on where a broken line left it. */
export function useStartProvisioning(onSent: (sent: SentFile) => void) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ organizationId, source, begun }: StartRequest) => {
      if (source.source !== 'csv') {
        const body = source.source === 'licensed' ? source : { source: source.source, people: [...source.people] };
        return api.call(startProvisioning, { params: { organizationId }, body });
      }
      const { file } = source;
      const body = { source: 'csv' as const, name: file.name.slice(-255), bytes: file.size };
      const started = begun
        ? await api.call(getProvisioning, { params: { provisioningId: begun } })
        : await api.call(startProvisioning, { params: { organizationId }, body });
      queries.setQueryData(keyOf(started.id), started);
      return sendFile(api, started, file, onSent);
    },
    onSuccess: (provisioning) => queries.setQueryData(keyOf(provisioning.id), provisioning),
  });
}

/** How much of which file is here. */
export interface SentFile {
  readonly id: ProvisioningId;
  readonly file: File;
  readonly bytes: number;
}

interface StartRequest {
  readonly organizationId: OrganizationId;
  readonly source: Source;
  /** Of a file whose sending broke off. */
  readonly begun?: ProvisioningId | undefined;
}

async function sendFile(api: Api, started: Provisioning, file: File, onSent: (sent: SentFile) => void) {
  let now = started;
  while (now.state === 'receiving') {
    const offset = now.file?.receivedBytes ?? 0;
    onSent({ id: now.id, file, bytes: offset });
    const request = { params: { provisioningId: now.id }, query: { offset } };
    now = await api.upload(uploadProvisioningFile, request, file.slice(offset, offset + partBytes));
    if (now.state === 'receiving' && now.file?.receivedBytes === offset) throw new Error('the file became shorter');
  }
  return now;
}

/** What an admin does with a provisioning that is there. */
export function useProvisioningCommands(id: ProvisioningId) {
  const api = useApi();
  const queries = useQueryClient();
  const params = { provisioningId: id };
  const keep = (provisioning: Provisioning) => queries.setQueryData(keyOf(id), provisioning);
  // Somebody else may have gone on with it.
  const look = () => queries.invalidateQueries({ queryKey: keyOf(id) });
  const options = { onSuccess: keep, onError: look };
  return {
    map: useMutation({
      ...options,
      mutationFn: (mapping: CsvMapping) => api.call(mapProvisioningFile, { params, body: { mapping } }),
    }),
    cancel: useMutation({ ...options, mutationFn: () => api.call(cancelProvisioning, { params, body: {} }) }),
    resume: useMutation({ ...options, mutationFn: () => api.call(resumeProvisioning, { params, body: {} }) }),
    apply: useMutation({
      ...options,
      mutationFn: (includeFixable: boolean) => api.call(applyProvisioning, { params, body: { includeFixable } }),
    }),
    discard: useMutation({
      mutationFn: () => api.call(discardProvisioning, { params }),
      onSettled: () => queries.invalidateQueries({ queryKey: ['provisioning', 'open'] }),
    }),
    save: useMutation({
      mutationFn: (which: 'attention' | 'all') => api.download(exportProvisioningRows, { params, query: { which } }),
      onSuccess: ({ fileName, content }) => saveFile(fileName, content),
    }),
  };
}

/** Rows of one group, as far as they have been asked for. */
export function useProvisioningRows(id: ProvisioningId, group: RowGroup, isOpen: boolean) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['provisioning', id, 'rows', group],
    queryFn: isOpen
      ? ({ pageParam, signal }) => {
          const query = { group, after: pageParam };
          return api.call(listProvisioningRows, { params: { provisioningId: id }, query }, { signal });
        }
      : skipToken,
    initialPageParam: 0,
    getNextPageParam: ({ rows, hasMore }) => (hasMore ? rows.at(-1)?.line : undefined),
    select: ({ pages }) => pages.flatMap(({ rows }) => rows),
  });
}

/** After people were added: whatever shows users or numbers of them looks again. */
export function useRefreshUsers() {
  const queries = useQueryClient();
  return () => {
    for (const slug of ['users', 'organizations', 'overview', 'activity', 'provisioning']) {
      void queries.invalidateQueries({ queryKey: [slug] });
    }
  };
}
