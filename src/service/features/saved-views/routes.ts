import { changeSavedView, deleteSavedView, listSavedViews, saveView } from '../../../contract/saved-views.ts';
import { route } from '../../http/route.ts';
import type { SavedViews } from './saved-views.store.ts';

export function savedViewRoutes({ views }: { readonly views: SavedViews }) {
  return [
    route(listSavedViews, async ({ admin }) => ({ views: await views.list(admin) })),
    route(saveView, ({ admin, body }) => views.save(admin, body)),
    route(changeSavedView, ({ admin, params, body }) => views.setDefault(admin, params.viewId, body.isDefault)),
    route(deleteSavedView, ({ admin, params }) => views.delete(admin, params.viewId)),
  ];
}
