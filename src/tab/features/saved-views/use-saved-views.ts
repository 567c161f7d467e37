import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Request } from '../../../contract/endpoint.ts';
import {
  changeSavedView,
  deleteSavedView,
  listSavedViews,
  type SavedView,
  saveView,
  type ViewedList,
  type ViewOf,
} from '../../../contract/saved-views.ts';
import type { SavedViewId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';

/** A view that is kept, of one of the lists. */
type SavedViewOf<List extends ViewedList> = SavedView & { view: ViewOf<List> };

const key = ['saved-views'];

/** The views of a list that the admin keeps. */
export function useSavedViews<List extends ViewedList>(list: List) {
  const api = useApi();
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.call(listSavedViews, {}, { signal })).views,
    staleTime: 60_000,
    select: (views) => views.filter((saved): saved is SavedViewOf<List> => saved.view.list === list),
  });
}

export function useSaveView() {
  const api = useApi();
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: (body: Request<typeof saveView>['body']) => api.call(saveView, { body }),
    onSettled,
  });
}

/** Makes a view the one that the page opens with, or no longer. */
export function useChangeView() {
  const api = useApi();
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: ({ viewId, isDefault }: { viewId: SavedViewId; isDefault: boolean }) =>
      api.call(changeSavedView, { params: { viewId }, body: { isDefault } }),
    onSettled,
  });
}

export function useDeleteView() {
  const api = useApi();
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: (viewId: SavedViewId) => api.call(deleteSavedView, { params: { viewId } }),
    onSettled,
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: key });
}
