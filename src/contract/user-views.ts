import { z } from 'zod';
import { parseUserSorts, userColumns } from '../domain/users/user-list.ts';
import { endpoint } from './endpoint.ts';
import { userViewId } from './ids.ts';
import { userFilter } from './users.ts';

/** What a view shows: the address and the columns of the list. */
export const userView = z.strictObject({
  filter: userFilter,
  sort: z
    .string()
    .max(120)
    .refine((text) => parseUserSorts(text) !== undefined, { error: 'columns of the list, at most three, each once' }),
  columns: z.array(z.enum(userColumns)).min(1).max(userColumns.length),
});
export type UserView = z.infer<typeof userView>;

const name = z.string().trim().min(1).max(80);

export const savedUserView = z.object({ id: userViewId, name, view: userView, isDefault: z.boolean() });
export type SavedUserView = z.infer<typeof savedUserView>;

/** Nobody finds one among more. */
export const mostUserViews = 50;

const oneView = z.strictObject({ viewId: userViewId });

export const listUserViews = endpoint({
  method: 'GET',
  path: '/api/user-views',
  summary: 'Views of the list of users that the admin keeps, by name',
  response: z.object({ views: z.array(savedUserView) }),
  errors: [],
});

export const saveUserView = endpoint({
  method: 'POST',
  path: '/api/user-views',
  summary: 'Keep a view under a name; one of the same name is replaced',
  body: z.strictObject({ name, view: userView, isDefault: z.boolean().default(false) }),
  response: savedUserView,
  errors: ['view.too_many'],
});

export const changeUserView = endpoint({
  method: 'PATCH',
  path: '/api/user-views/:viewId',
  summary: 'Open the page with this view, or no longer',
  params: oneView,
  body: z.strictObject({ isDefault: z.boolean() }),
  response: savedUserView,
  errors: ['view.not_found'],
});

export const deleteUserView = endpoint({
  method: 'DELETE',
  path: '/api/user-views/:viewId',
  summary: 'Forget a view',
  params: oneView,
  errors: ['view.not_found'],
});
