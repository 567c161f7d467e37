import { useEffect, useRef } from 'react';
import type { ListView, ViewedList } from '../../contract/saved-views.ts';
import { parseUserSorts } from '../../domain/users/user-list.ts';
import { useSavedViews } from '../features/saved-views/use-saved-views.ts';
import { addressOf, type Place } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';

/** Where a view shows. */
export function placeOfView(view: ListView): Place {
  if (view.list === 'users') {
    const { list: page, filter, sort, columns } = view;
    const { connection: userConnection, sync: userSync, ...others } = filter;
    return { page, ...others, userConnection, userSync, userSorts: parseUserSorts(sort), userColumns: columns };
  }
  const { list: page, filter, sort, columns } = view;
  return { page, ...filter, sort, organizationColumns: columns };
}

/** Opens a list with the view that the admin chose for it, unless the address says already what to show. */
export function useDefaultView(list: ViewedList): void {
  const { place, go } = usePlace();
  const { data: views } = useSavedViews(list);
  // An organization's own page is not the list: that one has still to open.
  const isList = place.page === list && !(list === 'organizations' && place.organizationId);
  const isSaid = addressOf(place) !== addressOf({ page: list });
  // Only at first: an admin who clears the filter means it.
  const isOpen = useRef(false);
  useEffect(() => {
    if (!isList || isOpen.current || (!views && !isSaid)) return;
    isOpen.current = true;
    const view = views?.find(({ isDefault }) => isDefault)?.view;
    if (view && !isSaid) go(placeOfView(view), { replace: true });
  }, [isList, views, isSaid, go]);
}
