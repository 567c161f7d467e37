import { expect, test } from 'vitest';
import { initialUserColumns, userColumns } from '../../../../domain/users/user-list.ts';
import { columnsThatFit } from './columns.tsx';

test('a window of 1,280 pixels shows all that a list begins with', () => {
  expect(columnsThatFit(initialUserColumns, 1_230)).toEqual(initialUserColumns);
});

test('a narrow list keeps name and status longest, and the order of the list', () => {
  expect(columnsThatFit(initialUserColumns, 560)).toEqual(['status', 'name', 'mailboxStatus']);
  expect(columnsThatFit(userColumns, 200)).toEqual(['name']);
});

test('the name shows, also when it was not chosen', () => {
  expect(columnsThatFit(['license'], 1_280)).toEqual(['name', 'license']);
});
