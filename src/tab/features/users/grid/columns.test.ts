import { expect, test } from 'vitest';
import { initialUserColumns, userColumns } from '../../../../domain/users/user-list.ts';
import { columnsThatFit } from './columns.tsx';

test('a wide window shows all that a list begins with; a narrower one leaves out columns before it cuts names', () => {
  expect(columnsThatFit(initialUserColumns, 1_420)).toEqual(initialUserColumns);
  const left = new Set(columnsThatFit(initialUserColumns, 1_160));
  expect(initialUserColumns.filter((column) => !left.has(column))).toEqual([
    'synchronization',
    'lastSync',
    'createdAt',
  ]);
});

test('a narrow list keeps name and status longest, and the order of the list', () => {
  expect(columnsThatFit(initialUserColumns, 570)).toEqual(['status', 'name', 'mailboxStatus']);
  expect(columnsThatFit(userColumns, 200)).toEqual(['name']);
});

test('the name shows, also when it was not chosen', () => {
  expect(columnsThatFit(['license'], 1_280)).toEqual(['name', 'license']);
});
