import { useEffect, useRef } from 'react';
import type { UsersView } from '../../contract/saved-views.ts';
import { parseUserSorts } from '../../domain/users/user-list.ts';
import { useSavedViews } from '../features/saved-views/use-saved-views.ts';
import type { Place } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';

/** Where a view shows. */
export function placeOfView({ filter, sort, columns }: UsersView): Place {
  return { page: 'users', ...filter, userSorts: parseUserSorts(sort), userColumns: columns };
}

/** Opens the page with the view that the admin chose for it, unless the address says already what to show. */
export function useDefaultView(): void {
  const { place, go } = usePlace();
  const { data: views } = useSavedViews();
  const { organizationId, status, search, userSorts, userColumns, userId, runId } = place;
  const isSaid = [organizationId, status, search, userSorts, userColumns, userId, runId].some(Boolean);
  // Only at first: an admin who clears the filter means it.
  const isOpen = useRef(false);
  useEffect(() => {
    if (isOpen.current || (!views && !isSaid)) return;
    isOpen.current = true;
    const view = views?.find(({ isDefault }) => isDefault)?.view;
    if (view && !isSaid) go(placeOfView(view), { replace: true });
  }, [views, isSaid, go]);
}
