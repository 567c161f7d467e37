import type { Calendar } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { Probe } from './probe.ts';

const calendar = z.looseObject({ id: z.string().min(1) } satisfies Partial<Record<keyof Calendar, z.ZodType>>);

/** Opens the default calendar: its id. */
export const calendarProbe: Probe = {
  capability: 'calendar',
  path: (mailbox) => `/users/${mailbox}/calendar?$select=id`,
  isExpected: (body) => calendar.safeParse(body).success,
};

const dayMs = 24 * 3600_000;

/**
 * Changes in the default calendar from two weeks ago to a quarter ahead. Graph takes no `$select` here: what comes beside
 * ids is dropped unread.
 * @see Microsoft Learn, event: delta
 */
export function calendarDeltaPath(mailbox: UserId, now: Date): string {
  const range = new URLSearchParams({
    startDateTime: new Date(now.getTime() - 14 * dayMs).toISOString(),
    endDateTime: new Date(now.getTime() + 91 * dayMs).toISOString(),
  });
  return `/users/${mailbox}/calendarView/delta?${range}`;
}
