import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isScriptValue } from './powershell-literal.ts';
import { groupsNamedIn, readScopeFilter, writeScopeFilter } from './scope-filter.ts';

const name = fc
  .array(
    fc.oneof(fc.constantFrom(..."'\u2018\u2019\u201A\u201B()- ,=*"), fc.string({ unit: 'grapheme', maxLength: 4 })),
  )
  .map((parts) => `CN=${parts.join('')},DC=COM`)
  .filter(isScriptValue);
const filter = fc.record({
  covers: fc.constantFrom('members' as const, 'everybody_else' as const),
  distinguishedNames: fc.array(name, { minLength: 1, maxLength: 4 }),
});

test('fault 71: what is written is read back, whatever quotes the names have', () => {
  fc.assert(
    fc.property(filter, (given) => {
      const text = writeScopeFilter(given);
      expect(readScopeFilter(text)).toEqual(given);
      expect(groupsNamedIn(text)).toEqual(given.distinguishedNames);
    }),
    { numRuns: 5_000 },
  );
});

test('a filter without a group is never written: it would hold every recipient', () => {
  expect(() => writeScopeFilter({ covers: 'members', distinguishedNames: [] })).toThrow(RangeError);
});

test.each<[string, ReturnType<typeof readScopeFilter>]>([
  ["MemberOfGroup -eq 'CN=a'", { covers: 'members', distinguishedNames: ['CN=a'] }],
  ["((memberofgroup -EQ 'CN=a'))", { covers: 'members', distinguishedNames: ['CN=a'] }],
  ["(MemberOfGroup -eq 'a') -or (MemberOfGroup -eq 'b')", { covers: 'members', distinguishedNames: ['a', 'b'] }],
  [
    "MemberOfGroup -eq 'a' -or (MemberOfGroup -eq 'b' -or MemberOfGroup -eq 'c')",
    { covers: 'members', distinguishedNames: ['a', 'b', 'c'] },
  ],
  [
    "-not (MemberOfGroup -eq 'a' -or MemberOfGroup -eq 'b')",
    { covers: 'everybody_else', distinguishedNames: ['a', 'b'] },
  ],
  ["(-not(MemberOfGroup -eq 'a'))", { covers: 'everybody_else', distinguishedNames: ['a'] }],
  ["MemberOfGroup -eq 'CN=O''Neil’’s'", { covers: 'members', distinguishedNames: ["CN=O'Neil’s"] }],
  ["MemberOfGroup -eq '(-or)'", { covers: 'members', distinguishedNames: ['(-or)'] }],
  // What this code does not understand, it does not guess.
  ['', undefined],
  ['()', undefined],
  ["Department -eq 'Sales'", undefined],
  ["MemberOfGroup -ne 'a'", undefined],
  ["MemberOfGroup -like 'a*'", undefined],
  ["MemberOfGroup -eq 'a' -and MemberOfGroup -eq 'b'", undefined],
  ["MemberOfGroup -eq 'a' -or Department -eq 'Sales'", undefined],
  ["-not MemberOfGroup -eq 'a'", undefined],
  ["-not (MemberOfGroup -eq 'a') -or MemberOfGroup -eq 'b'", undefined],
  ["-not (MemberOfGroup -eq 'a') -or (MemberOfGroup -eq 'b')", undefined],
  ["-not (-not (MemberOfGroup -eq 'a'))", undefined],
  ["MemberOfGroup -eq 'a'b'", undefined],
  ["MemberOfGroup -eq 'a", undefined],
  ["MemberOfGroup -eq 'a' -or", undefined],
  ["(MemberOfGroup -eq 'a'", undefined],
  ["MemberOfGroup -eq 'a')", undefined],
  ['MemberOfGroup -eq "a"', undefined],
  ['MemberOfGroup -eq $null', undefined],
])('the filter %j', (text, read) => {
  expect(readScopeFilter(text)).toEqual(read);
});

test('any text is read or not, and never breaks the reader', () => {
  const words = fc.constantFrom(
    'MemberOfGroup',
    '-eq',
    '-or',
    '-not',
    '-and',
    '(',
    ')',
    "'a'",
    "'",
    '’',
    ' ',
    '$x',
    '',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 14 }), (parts) => {
      const read = readScopeFilter(parts.join(' '));
      if (read) expect(read.distinguishedNames.length).toBeGreaterThan(0);
    }),
    { numRuns: 5_000 },
  );
});
