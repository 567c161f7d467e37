import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarWindowAt, isWindowCurrent } from './calendar-window.ts';

const now = new Date('2026-11-23T10:00:00Z');
const daysLater = (days: number) => new Date(now.getTime() + days * 24 * 3600_000);

test('two weeks back and a quarter ahead', () => {
  expect(calendarWindowAt(now)).toEqual({
    startAt: new Date('2026-11-09T00:00:00Z'),
    endAt: new Date('2027-02-22T00:00:00Z'),
  });
});

test('a window is good for a week, then a new round begins', () => {
  const window = calendarWindowAt(now);
  expect(isWindowCurrent(window, now)).toBe(true);
  expect(isWindowCurrent(window, daysLater(6))).toBe(true);
  expect(isWindowCurrent(window, daysLater(7))).toBe(false);
  expect(isWindowCurrent(window, daysLater(-2))).toBe(false);
});

test('today is always inside a window that is called current', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 * 24 * 60 }), (minutes) => {
      const later = new Date(now.getTime() + minutes * 60_000);
      const window = calendarWindowAt(now);
      if (!isWindowCurrent(window, later)) return;
      expect(window.startAt < later && window.endAt.getTime() - later.getTime() > 83 * 24 * 3600_000).toBe(true);
    }),
  );
});
