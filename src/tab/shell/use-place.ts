import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { addressOf, type Place, placeOf } from './place.ts';

/** Where the admin is, and how to get elsewhere. */
export function usePlace() {
  const [pathname, navigate] = useLocation();
  const search = useSearch();
  const known = useMemo(() => placeOf(pathname, search), [pathname, search]);
  const place: Place = known ?? overview;
  /** @param options.replace where going back must not lead here again, as while typing */
  const go = useCallback(
    (to: Place, options?: { readonly replace?: boolean }) => navigate(addressOf(to), options),
    [navigate],
  );
  return { place, isUnknown: known === undefined, go };
}

const overview: Place = { page: 'overview' };
