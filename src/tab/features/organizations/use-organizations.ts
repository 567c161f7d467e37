import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  convertOrganization,
  createOrganization,
  deleteOrganization,
  forceDeleteOrganization,
  listOrganizations,
  updateOrganization,
} from '../../../contract/organizations.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { OrganizationConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { useApi } from '../../api/api-context.ts';

export function useOrganizations() {
  const api = useApi();
  return useQuery({
    queryKey: ['organizations'],
    queryFn: async ({ signal }) => (await api.call(listOrganizations, {}, { signal })).organizations,
  });
}

export function useCreateOrganization() {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: {
      name: string;
      externalId: string;
      connectionType: OrganizationConnectionType;
      registration?: string;
    }) => api.call(createOrganization, { body }),
    onSuccess: refresh,
  });
}

export function useUpdateOrganization(organizationId: OrganizationId) {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: {
      name?: string;
      syncEnabled?: boolean;
      syncIntervalMinutes?: number;
      capabilities?: Capability[];
      registration?: string | null;
    }) => api.call(updateOrganization, { params: { organizationId }, body }),
    onSuccess: refresh,
  });
}

export function useDeleteOrganization(organizationId: OrganizationId) {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (query: { users: 'none' | 'not_initialized' }) =>
      api.call(deleteOrganization, { params: { organizationId }, query }),
    // Not waited for: once the list is read again, whoever asked is gone, and nobody would say that it is done.
    onSuccess: () => void refresh(),
  });
}

export function useForceDeleteOrganization(organizationId: OrganizationId) {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: { name: string }) => api.call(forceDeleteOrganization, { params: { organizationId }, body }),
    onSuccess: () => void refresh(),
  });
}

export function useConvertOrganization(organizationId: OrganizationId) {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => api.call(convertOrganization, { params: { organizationId }, body: {} }),
    onSuccess: () => void refresh(),
  });
}

/** Switches the synchronization of one of several organizations; whoever switches them all refreshes once at the end. */
export function useSwitchSynchronization() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ organizationId, syncEnabled }: { organizationId: OrganizationId; syncEnabled: boolean }) =>
      api.call(updateOrganization, { params: { organizationId }, body: { syncEnabled } }),
  });
}

/** Reads again whatever follows from organizations. */
export function useRefresh() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      // What consent is needed follows from an organization's features.
      ['organizations', 'overview', 'activity', 'consent', 'users', 'mailbox-scope'].map((slug) =>
        queries.invalidateQueries({ queryKey: [slug] }),
      ),
    );
}
