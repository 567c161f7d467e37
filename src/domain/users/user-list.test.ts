import { expect, test } from 'vitest';
import { nextUserSorts, parseUserSorts, readUserSort } from './user-list.ts';

test('clicks on one head sort up, down and as at first; another head begins anew', () => {
  const up = nextUserSorts(['status'], 'createdAt', false);
  const down = nextUserSorts(up, 'createdAt', false);
  expect([up, down, nextUserSorts(down, 'createdAt', false)]).toEqual([['createdAt'], ['-createdAt'], ['status']]);
  expect(nextUserSorts(['-createdAt', 'name'], 'name', false)).toEqual(['-name']);
});

test('adding keeps the others and their order, and at most three of them', () => {
  const two = nextUserSorts(['connection'], 'lastSync', true);
  const turned = nextUserSorts(two, 'connection', true);
  expect([two, turned]).toEqual([
    ['connection', 'lastSync'],
    ['-connection', 'lastSync'],
  ]);
  expect(nextUserSorts(turned, 'connection', true)).toEqual(['lastSync']);
  expect(nextUserSorts(['connection', 'lastSync', 'name'], 'issues', true)).toEqual(['lastSync', 'name', 'issues']);
  expect(nextUserSorts(['-name'], 'name', true)).toEqual(['status']);
});

test.each([
  ['connection,-lastSync', ['connection', '-lastSync']],
  ['name', ['name']],
  ['name,-name', undefined],
  ['name,status,issues,address', undefined],
  ['license', undefined],
  ['', undefined],
  ['password', undefined],
])('%j is read as %j', (text, sorts) => {
  expect(parseUserSorts(text)).toEqual(sorts);
});

test('a sort names its column and its end', () => {
  expect(readUserSort('-lastSync')).toEqual({ column: 'lastSync', isDescending: true });
});
