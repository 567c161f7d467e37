import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Request } from '../../../contract/endpoint.ts';
import { changeUserView, deleteUserView, listUserViews, saveUserView } from '../../../contract/user-views.ts';
import type { UserViewId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';

const key = ['user-views'];

/** The views that the admin keeps. */
export function useUserViews() {
  const api = useApi();
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.call(listUserViews, {}, { signal })).views,
    staleTime: 60_000,
  });
}

export function useSaveView() {
  const api = useApi();
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: (body: Request<typeof saveUserView>['body']) => api.call(saveUserView, { body }),
    onSettled,
  });
}

/** Makes a view the one that the page opens with, or no longer. */
export function useChangeView() {
  const api = useApi();
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: ({ viewId, isDefault }: { viewId: UserViewId; isDefault: boolean }) =>
      api.call(changeUserView, { params: { viewId }, body: { isDefault } }),
    onSettled,
  });
}

export function useDeleteView() {
  const api = useApi();
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: (viewId: UserViewId) => api.call(deleteUserView, { params: { viewId } }),
    onSettled,
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: key });
}
