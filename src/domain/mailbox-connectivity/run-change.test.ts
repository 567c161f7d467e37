import { expect, test } from 'vitest';
import { newlyThere } from './run-change.ts';

test('who has a status now and had another before, loudest first; people who came or went are nobody', () => {
  expect(
    newlyThere([
      { from: 'working', to: 'working', count: 900 },
      { from: 'working', to: 'blocked', count: 5 },
      { from: 'could_not_tell', to: 'blocked', count: 2 },
      { from: 'blocked', to: 'working', count: 3 },
      { from: 'blocked', to: 'exposed', count: 1 },
      { from: null, to: 'blocked', count: 40 },
      { from: 'blocked', to: null, count: 7 },
    ]),
  ).toEqual([
    { status: 'exposed', count: 1 },
    { status: 'blocked', count: 7 },
    { status: 'working', count: 3 },
  ]);
});

test('nothing changed', () => {
  expect(newlyThere([{ from: 'working', to: 'working', count: 10 }])).toEqual([]);
});
