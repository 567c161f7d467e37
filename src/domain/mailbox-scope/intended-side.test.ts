import { expect, test } from 'vitest';
import { intendedSide } from './intended-side.ts';

test.each([
  ['allow', true, 'inside'],
  ['allow', false, 'outside'],
  ['block', true, 'outside'],
  ['block', false, 'inside'],
  [undefined, false, 'not_limited'],
] as const)('list %s, member %s: %s', (list, isMember, side) => {
  expect(intendedSide(list, isMember)).toBe(side);
});
