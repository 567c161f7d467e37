import { expect, test } from 'vitest';
import type { GrantState } from './consent-state.ts';
import { isFeatureOff } from './feature.ts';

const calendar = (state: GrantState) => [{ permission: 'Calendars.Read', capability: 'calendar', state }] as const;

test.each<[string, readonly string[] | undefined, GrantState | undefined, boolean]>([
  ['verified as missing, and not in the token', [], 'missing', true],
  ['granted since the last verification', ['Calendars.ReadWrite'], 'missing', false],
  ['opened by a role in Exchange', [], 'by_exchange', false],
  ['on its way', [], 'waiting', false],
  ['not told', [], 'unknown', false],
  ['never verified', [], undefined, false],
  ['a token that could not be read', undefined, 'missing', false],
])('%s', (_, roles, state, isOff) => {
  expect(isFeatureOff('calendar', roles, state ? calendar(state) : [])).toBe(isOff);
});
