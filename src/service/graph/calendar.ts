import type { Calendar } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { CalendarWindow } from '../../domain/mailbox-sync/calendar-window.ts';
import type { Probe } from './probe.ts';

const calendar = z.looseObject({ id: z.string().min(1) } satisfies Partial<Record<keyof Calendar, z.ZodType>>);

/** Opens the default calendar: its id. */
export const calendarProbe: Probe = {
  capability: 'calendar',
  path: (mailbox) => `/users/${mailbox}/calendar?$select=id`,
  isExpected: (body) => calendar.safeParse(body).success,
};

/**
 * Changes in the default calendar within a window. Graph takes no `$select` here: what comes beside ids is dropped
 * unread.
 * @see Microsoft Learn, event: delta
 */
export function calendarDeltaPath(mailbox: UserId, { startAt, endAt }: CalendarWindow): string {
  const range = new URLSearchParams({ startDateTime: startAt.toISOString(), endDateTime: endAt.toISOString() });
  return `/users/${mailbox}/calendarView/delta?${range}`;
}
