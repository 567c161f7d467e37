/** Minutes that an attempt to consent in Microsoft's dialog may take. */
export const consentAttemptMinutes = 10;

/**
 * Minutes until a change of consent counts as without effect. Microsoft names no bound for Entra's tokens and advises to
 * look again for some minutes; the shortest time it documents for Exchange's cache of permissions is 30 minutes.
 * @see Microsoft Learn, RBAC for Applications in Exchange Online, limitations
 */
export const consentBoundMinutes = 30;

/** Seconds between looks. Rare on purpose: an application that keeps asking may keep Exchange's cache alive. */
const pausesSeconds = [30, 60, 120, 300] as const;
const lastPauseSeconds = 600;

/**
 * When to look at a change again; never after its bound, where the last look decides. It depends on times alone, so a
 * worker that takes over goes on where the one before stopped.
 * @returns undefined when the bound has passed
 */
export function nextLookAt(changedAt: Date, expectedBy: Date, now: Date): Date | undefined {
  if (now >= expectedBy) return undefined;
  let look = changedAt.getTime();
  for (let n = 0; look <= now.getTime(); n++) look += (pausesSeconds[n] ?? lastPauseSeconds) * 1000;
  return new Date(Math.min(look, expectedBy.getTime()));
}

export function expectedByOf(changedAt: Date): Date {
  return new Date(changedAt.getTime() + consentBoundMinutes * 60_000);
}
