import { expect, test } from 'vitest';
import { moveInGrid } from './grid-keys.ts';

const size = { rows: 101, columns: 6, pageRows: 10 };
const from = { row: 50, column: 2 };
const key = (name: string, isFar = false) => ({ key: name, ctrlKey: isFar, metaKey: false });

test.each([
  ['ArrowDown', false, { row: 51, column: 2 }],
  ['ArrowUp', false, { row: 49, column: 2 }],
  ['ArrowRight', false, { row: 50, column: 3 }],
  ['ArrowLeft', false, { row: 50, column: 1 }],
  ['PageDown', false, { row: 60, column: 2 }],
  ['PageUp', false, { row: 40, column: 2 }],
  ['Home', false, { row: 50, column: 0 }],
  ['End', false, { row: 50, column: 5 }],
  ['Home', true, { row: 1, column: 0 }],
  ['End', true, { row: 100, column: 5 }],
] as const)('%s (far: %s) leads to %o', (name, isFar, to) => {
  expect(moveInGrid(from, key(name, isFar), size, 'ltr')).toEqual(to);
});

test('right-to-left mirrors the arrows', () => {
  expect(moveInGrid(from, key('ArrowLeft'), size, 'rtl')).toEqual({ row: 50, column: 3 });
});

test('nothing leads out of the grid', () => {
  expect(moveInGrid({ row: 0, column: 0 }, key('ArrowUp'), size, 'ltr')).toEqual({ row: 0, column: 0 });
  expect(moveInGrid({ row: 100, column: 5 }, key('PageDown'), size, 'ltr')).toEqual({ row: 100, column: 5 });
});

test('other keys do not move', () => {
  expect(moveInGrid(from, key('a'), size, 'ltr')).toBeUndefined();
});
