import { z } from 'zod';
import { organizationColumns, organizationSorts } from '../domain/organizations/organization-list.ts';
import { parseUserSorts, userColumns } from '../domain/users/user-list.ts';
import { endpoint } from './endpoint.ts';
import { savedViewId } from './ids.ts';
import { organizationFilter } from './organizations.ts';
import { userFilter } from './users.ts';

/** Lists of which an admin keeps views. */
export const viewedLists = ['users', 'organizations'] as const;
export type ViewedList = (typeof viewedLists)[number];

const usersView = z.strictObject({
  list: z.literal('users'),
  filter: userFilter,
  sort: z
    .string()
    .max(120)
    .refine((text) => parseUserSorts(text) !== undefined, { error: 'columns of the list, at most three, each once' }),
  columns: z.array(z.enum(userColumns)).min(1).max(userColumns.length),
});

const organizationsView = z.strictObject({
  list: z.literal('organizations'),
  filter: organizationFilter,
  /** Absent, the list's own order. */
  sort: z.enum(organizationSorts).optional(),
  columns: z.array(z.enum(organizationColumns)).min(1).max(organizationColumns.length),
});

/** What a view shows: the address and the columns of a list. */
export const listView = z.discriminatedUnion('list', [usersView, organizationsView]);
export type ListView = z.infer<typeof listView>;
/** A view of one of the lists. */
export type ViewOf<List extends ViewedList> = Extract<ListView, { list: List }>;

const name = z.string().trim().min(1).max(80);

export const savedView = z.object({ id: savedViewId, name, view: listView, isDefault: z.boolean() });
export type SavedView = z.infer<typeof savedView>;

/** Of one list: nobody finds one among more. */
export const mostSavedViews = 50;

const oneView = z.strictObject({ viewId: savedViewId });

export const listSavedViews = endpoint({
  method: 'GET',
  path: '/api/saved-views',
  summary: 'Views of lists that the admin keeps, by name',
  response: z.object({ views: z.array(savedView) }),
  errors: [],
});

export const saveView = endpoint({
  method: 'POST',
  path: '/api/saved-views',
  summary: 'Keep a view under a name; one of the same list and name is replaced',
  body: z.strictObject({ name, view: listView, isDefault: z.boolean().default(false) }),
  response: savedView,
  errors: ['view.too_many'],
});

export const changeSavedView = endpoint({
  method: 'PATCH',
  path: '/api/saved-views/:viewId',
  summary: 'Open the page of its list with this view, or no longer',
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
