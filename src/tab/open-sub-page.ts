import { addressOf, placeOfSubPageId, unknownAddress } from './shell/place.ts';

/** Brings the address to where a Teams link points; a link that points nowhere leads to the overview, which says so. */
export function openSubPage(subPageId: string | undefined): void {
  if (!subPageId) return;
  const place = placeOfSubPageId(subPageId);
  window.history.replaceState(null, '', place ? addressOf(place) : unknownAddress);
}
