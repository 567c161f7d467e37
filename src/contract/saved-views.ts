import { z } from 'zod';
import { parseUserSorts, userColumns } from '../domain/users/user-list.ts';
import { endpoint } from './endpoint.ts';
import { savedViewId } from './ids.ts';
import { userFilter } from './users.ts';

/** What a view shows: the address and the columns of the list. */
export const usersView = z.strictObject({
  filter: userFilter,
  sort: z
    .string()
    .max(120)
    .refine((text) => parseUserSorts(text) !== undefined, { error: 'columns of the list, at most three, each once' }),
  columns: z.array(z.enum(userColumns)).min(1).max(userColumns.length),
});
export type UsersView = z.infer<typeof usersView>;

const name = z.string().trim().min(1).max(80);

export const savedView = z.object({ id: savedViewId, name, view: usersView, isDefault: z.boolean() });
export type SavedView = z.infer<typeof savedView>;

/** Nobody finds one among more. */
export const mostSavedViews = 50;

const oneView = z.strictObject({ viewId: savedViewId });

export const listSavedViews = endpoint({
  method: 'GET',
  path: '/api/saved-views',
  summary: 'Views of the list of users that the admin keeps, by name',
  response: z.object({ views: z.array(savedView) }),
  errors: [],
});

export const saveView = endpoint({
  method: 'POST',
  path: '/api/saved-views',
  summary: 'Keep a view under a name; one of the same name is replaced',
  body: z.strictObject({ name, view: usersView, isDefault: z.boolean().default(false) }),
  response: savedView,
  errors: ['view.too_many'],
});

export const changeSavedView = endpoint({
  method: 'PATCH',
  path: '/api/saved-views/:viewId',
  summary: 'Open the page with this view, or no longer',
  params: oneView,
  body: z.strictObject({ isDefault: z.boolean() }),
  response: savedView,
  errors: ['view.not_found'],
});

export const deleteSavedView = endpoint({
  method: 'DELETE',
  path: '/api/saved-views/:viewId',
  summary: 'Forget a view',
  params: oneView,
  errors: ['view.not_found'],
});
