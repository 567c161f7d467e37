import { useQuery } from '@tanstack/react-query';
import { listRegistrations } from '../../../contract/organizations.ts';
import { useApi } from '../../api/api-context.ts';

/** The application registrations that organizations may use; the operator's configuration names them. */
export function useRegistrations() {
  const api = useApi();
  return useQuery({
    queryKey: ['registrations'],
    queryFn: async ({ signal }) => (await api.call(listRegistrations, {}, { signal })).registrations,
    staleTime: 300_000,
  });
}
