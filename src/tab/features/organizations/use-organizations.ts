import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  createOrganization,
  deleteOrganization,
  listOrganizations,
  updateOrganization,
} from '../../../contract/organizations.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
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
    mutationFn: (body: { name: string; externalId: string }) => api.call(createOrganization, { body }),
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
    }) => api.call(updateOrganization, { params: { organizationId }, body }),
    onSuccess: refresh,
  });
}

export function useDeleteOrganization(organizationId: OrganizationId) {
  const api = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => api.call(deleteOrganization, { params: { organizationId } }),
    onSuccess: refresh,
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      // What consent is needed follows from an organization's features.
      ['organizations', 'overview', 'activity', 'consent'].map((slug) =>
        queries.invalidateQueries({ queryKey: [slug] }),
      ),
    );
}
