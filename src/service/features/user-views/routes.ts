import { changeUserView, deleteUserView, listUserViews, saveUserView } from '../../../contract/user-views.ts';
import { route } from '../../http/route.ts';
import type { UserViews } from './user-views.store.ts';

export function userViewRoutes({ views }: { readonly views: UserViews }) {
  return [
    route(listUserViews, async ({ admin }) => ({ views: await views.list(admin) })),
    route(saveUserView, ({ admin, body }) => views.save(admin, body)),
    route(changeUserView, ({ admin, params, body }) => views.setDefault(admin, params.viewId, body.isDefault)),
    route(deleteUserView, ({ admin, params }) => views.delete(admin, params.viewId)),
  ];
}
