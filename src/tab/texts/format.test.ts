import { expect, test } from 'vitest';
import { createFormat } from './format.ts';

const now = Date.parse('2026-11-23T10:00:00Z');

test('numbers follow the locale', () => {
  expect(createFormat('en-us').number(1874)).toBe('1,874');
  expect(createFormat('de-de').number(1874)).toBe('1.874');
});

test('a locale that does not exist becomes English', () => {
  expect(createFormat('not a locale').number(1874)).toBe('1,874');
});

test.each([
  ['2026-11-23T09:59:50Z', '10 sec. ago'],
  ['2026-11-23T09:48:00Z', '12 min. ago'],
  ['2026-11-23T07:00:00Z', '3 hr. ago'],
  ['2026-11-22T10:00:00Z', 'yesterday'],
])('the age of %s is %s', (instant, age) => {
  expect(createFormat('en-US').age(instant, now)).toBe(age);
});

test.each([
  [9.4, '9 sec'],
  [100, '2 min'],
  [7_200, '2 hr'],
])('%d seconds last %s', (seconds, duration) => {
  expect(createFormat('en-US').duration(seconds)).toBe(duration);
});

test('UTC is exact', () => {
  expect(createFormat('de').utc('2026-11-23T10:00:05.123Z')).toBe('2026-11-23 10:00:05');
});
