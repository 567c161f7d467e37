/** The part of a calendar that a round of changes covers; a delta link belongs to its window and to no other. */
export interface CalendarWindow {
  readonly startAt: Date;
  readonly endAt: Date;
}

const dayMs = 24 * 3600_000;
const daysBack = 14;
const daysAhead = 91;
/** A window that has moved further starts a new round. */
const mostDaysMoved = 7;

/** From two weeks ago to a quarter ahead, in whole days. */
export function calendarWindowAt(now: Date): CalendarWindow {
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  return { startAt: new Date(today - daysBack * dayMs), endAt: new Date(today + daysAhead * dayMs) };
}

/** Whether changes may go on within a window that was chosen earlier. */
export function isWindowCurrent(window: CalendarWindow, now: Date): boolean {
  const movedMs = calendarWindowAt(now).startAt.getTime() - window.startAt.getTime();
  return movedMs >= 0 && movedMs < mostDaysMoved * dayMs;
}
