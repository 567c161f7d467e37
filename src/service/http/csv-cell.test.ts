import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestCell, toCell } from './csv-cell.ts';

const openers = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
const gaps = ['', ' ', '\uFEFF', '"', '\u00A0', '\u200B', ' "\uFEFF'];
const separators = [',', ';', '|', '\t', '\r', '\n', '\r\n'];

describe('fault 80: a cell that would be a formula gets an apostrophe', () => {
  test.each(openers.flatMap((opener) => gaps.map((gap) => `${gap}${opener}1+1`)))('%j', (text) => {
    expect(toCell(text)).toBe(`'${text}`);
  });

  test.each(['\tx', '\rx', '\nx', ' \tx'])('also %j, which a reader drops', (text) => {
    expect(toCell(text)).toBe(`'${text}`);
  });

  test.each([
    ['\0x', "'x"],
    ['\0=1', "'=1"],
    ['\x01=1', "'=1"],
    ['a;\x01=1', "a;'=1"],
    ['a\u0085b\x7f', 'ab'],
  ])('%j holds a control character and becomes %j', (text, cell) => expect(toCell(text)).toBe(cell));

  test.each(separators.flatMap((separator) => gaps.map((gap) => [separator, gap])))(
    'after the separator %j and %j, for a reader that splits there',
    (separator, gap) => expect(toCell(`a${separator}${gap}=1`)).toBe(`a${separator}'${gap}=1`),
  );

  test.each([
    'Ada Lovelace',
    'Jean-Luc',
    'ada+list@contoso.example',
    'Smith, John',
    "O'Brien",
    'a = b',
    '1st',
    'two\r\nlines',
    '',
  ])('%j stays as it is', (text) => expect(toCell(text)).toBe(text));

  test('whatever the text, no reader finds a formula where any separator could begin a cell', () => {
    const piece = fc.constantFrom(...openers, ...separators, ...gaps, '\0', '\x02', 'a', "'");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        for (const part of toCell(pieces.join('')).split(/[,;|\t\r\n]/))
          expect(part.replace(/^[\s"\uFEFF\u200B\0]+/, '')).not.toMatch(/^[=+\-@＝＋－＠]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('fault 81: a cell that no spreadsheet takes', () => {
  test('too long a text is cut with a mark, and not through a character', () => {
    expect(toCell('x'.repeat(longestCell))).toHaveLength(longestCell);
    const cut = toCell('x'.repeat(longestCell + 1));
    expect(cut).toHaveLength(longestCell);
    expect(cut.endsWith('x…')).toBe(true);
    expect(toCell(`${'x'.repeat(longestCell - 2)}😀😀`)).toBe(`${'x'.repeat(longestCell - 2)}…`);
    expect(toCell('='.repeat(longestCell))).toHaveLength(longestCell);
  });

  test('half a character becomes the replacement character', () => expect(toCell('a\uD800b')).toBe('a\uFFFDb'));

  test('many separators take no longer than they are many', () => {
    const startedAt = performance.now();
    toCell(`${'; "'.repeat(100_000)}a`);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
