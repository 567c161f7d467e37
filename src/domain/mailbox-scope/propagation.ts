/**
 * Minutes until a change in Exchange counts as known everywhere: Exchange keeps the permissions of an application that
 * is in use for up to two hours.
 * @see Microsoft Learn, RBAC for Applications in Exchange Online, limitations
 */
export const exchangeBoundMinutes = 120;

export function exchangeKnowsAt(changedAt: Date, boundMinutes: number = exchangeBoundMinutes): Date {
  return new Date(changedAt.getTime() + boundMinutes * 60_000);
}
