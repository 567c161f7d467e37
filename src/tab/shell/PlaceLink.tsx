import { Link } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { addressOf, type Place } from './place.ts';
import { usePlace } from './use-place.ts';

/** A link within the tab; it can be opened in another window like any other. */
export function PlaceLink({ place, children }: { place: Place; children: ReactNode }) {
  const { go } = usePlace();
  return (
    <Link
      href={addressOf(place)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(place);
      }}
    >
      {children}
    </Link>
  );
}
