import { expect, test } from 'vitest';
import { userIdOf } from '../../testing/fixtures.ts';
import { readPastedList } from './pasted-list.ts';

test('commas, semicolons and tabs separate; empty lines do not count', () => {
  const text = `${userIdOf(1)},ada@contoso.example,Ada\n\n${userIdOf(2).toUpperCase()}\tbob@contoso.example\r\n`;
  expect(readPastedList(text)).toEqual({
    people: [
      { id: userIdOf(1), userPrincipalName: 'ada@contoso.example', displayName: 'Ada', mail: null },
      { id: userIdOf(2), userPrincipalName: 'bob@contoso.example', displayName: 'bob@contoso.example', mail: null },
    ],
    wrongLine: undefined,
  });
});

test('the first line that is not understood is named', () => {
  expect(readPastedList(`${userIdOf(1)},ada@contoso.example\nada@contoso.example`).wrongLine).toBe(2);
});
