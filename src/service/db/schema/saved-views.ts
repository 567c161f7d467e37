import type { GeneratedAlways } from 'kysely';
import type { ListView, ViewedList } from '../../../contract/saved-views.ts';
import type { SavedViewId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Json } from './json.ts';

/** A view of a list that an admin keeps. */
export interface SavedViewsTable {
  tenant_id: TenantId;
  id: SavedViewId;
  owner_id: UserId;
  name: string;
  view: Json<ListView>;
  /** The list that the view says. */
  list: GeneratedAlways<ViewedList>;
  /** The one that the page opens with. */
  is_default: boolean;
  created_at: Date;
}

export interface SavedViewsSchema {
  saved_views: SavedViewsTable;
}
