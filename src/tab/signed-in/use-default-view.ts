import { useEffect, useRef } from 'react';
import type { UserView } from '../../contract/user-views.ts';
import { parseUserSorts } from '../../domain/users/user-list.ts';
import { useUserViews } from '../features/user-views/use-user-views.ts';
import type { Place } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';

/** Where a view shows. */
export function placeOfView({ filter, sort, columns }: UserView): Place {
  return { page: 'users', ...filter, userSorts: parseUserSorts(sort), userColumns: columns };
}

/** Opens the page with the view that the admin chose for it, unless the address says already what to show. */
export function useDefaultView(): void {
  const { place, go } = usePlace();
  const { data: views } = useUserViews();
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
