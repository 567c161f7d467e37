import { describe, expect, test } from 'vitest';
import { csvLimits } from '../../../domain/provisioning/csv-row.ts';
import { csvRecords, FileRefused, inspectCsv } from './csv-file.ts';

const head = 'id,userPrincipalName,displayName';
const rows = ['1,ada@b.example,Ada', '2,bob@b.example,Bob'];
const text = `${head}\r\n${rows[0]}\n${rows[1]}\r`;

/** A file in pieces of so many bytes: a character, a line end, a quotation may stand across two. */
async function* inPieces(content: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content as string);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
async function cellsOf(content: string | Uint8Array, size = 7) {
  const found = [];
  for await (const { cells } of csvRecords(inPieces(content, size))) found.push(cells.join('|'));
  return found;
}
const utf16 = (letters: string, isLittle: boolean) => {
  const bytes = new DataView(new ArrayBuffer(letters.length * 2));
  for (let index = 0; index < letters.length; index++) bytes.setUint16(index * 2, letters.charCodeAt(index), isLittle);
  return new Uint8Array(bytes.buffer);
};
const expected = [head, ...rows].map((line) => line.replaceAll(',', '|'));

describe.each([1, 3, 7, 64, 100_000])('fault 85: read in pieces of %i bytes', (size) => {
  test.each<[string, string | Uint8Array]>([
    ['UTF-8 and mixed line ends', text],
    ['a byte order mark', `\uFEFF${text}`],
    ['UTF-16 little endian', utf16(`\uFEFF${text}`, true)],
    ['UTF-16 big endian', utf16(`\uFEFF${text}`, false)],
    ['semicolons', text.replaceAll(',', ';')],
    ['tabs', text.replaceAll(',', '\t')],
    ['empty lines and empty cells', `\n${head}\n\n,,\n${rows.join('\n,\n')}\n\n`],
    ['quotation marks', `"id","userPrincipalName","displayName"\n${rows.join('\n')}`],
  ])('%s', async (_name, content) => expect(await cellsOf(content, size)).toEqual(expected));

  test('a comma, a quotation mark and letters of four bytes are part of a cell', async () => {
    expect(await cellsOf(`id,name\n1,"Lovelace, ""Ada"" 𝒜é"`, size)).toEqual(['id|name', '1|Lovelace, "Ada" 𝒜é']);
  });
});

test('fault 85: lines are those of the file, also below cells with line breaks', async () => {
  const lines = [];
  for await (const { line, cells } of csvRecords(
    inPieces('id,note\r\n1,"two\r\nlines"\r\n\r\n2,x\n3,"a\nb\nc"\n4,y', 5),
  )) {
    lines.push([line, cells[0]]);
  }
  expect(lines).toEqual([
    [1, 'id'],
    [2, '1'],
    [5, '2'],
    [6, '3'],
    [9, '4'],
  ]);
});

describe('fault 85: what is refused', () => {
  test.each<[string, string | Uint8Array, string, number | null]>([
    ['an empty file', ' \r\n', 'empty', null],
    ['a workbook', 'PK\x03\x04 id,upn', 'not_text', null],
    ['an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'not_text', null],
    ['a compressed file', new Uint8Array([0x1f, 0x8b, 8]), 'not_text', null],
    ['a NUL', `${head}\n\0`, 'not_text', null],
    ['a NUL in UTF-16', utf16('\uFEFFid\0', true), 'not_text', null],
    ['another encoding', new Uint8Array([0x69, 0x64, 0xe4, 0x0a]), 'encoding', null],
    ['half a character at the end', new Uint8Array([0x69, 0x64, 0x0a, 0xc3]), 'encoding', null],
    ['half a character in UTF-16', utf16('\uFEFFid\uD800x', true), 'encoding', null],
    ['51 columns', `${head}${','.repeat(48)}\n1`, 'too_many_columns', 1],
    ['a million columns', `${head}${';'.repeat(1_000_000)}`, 'broken', 1],
    ['only headings', `${head}\n\n`, 'no_rows', null],
    ['a quote that never closes', `${head}\n"${rows[0]}`, 'broken', 2],
    ['a row without end', `${head}\n${'x'.repeat(200_000)}`, 'broken', 2],
  ])('%s', async (_name, content, problem, line) => {
    const refused = await inspectCsv(inPieces(content, 4_096)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FileRefused);
    expect(refused).toMatchObject({ problem, line });
  });

  test('one row more than is taken, at its line', async () => {
    async function* long() {
      yield Buffer.from(`${head}\n`);
      for (let index = 0; index <= csvLimits.rows; index += 1_000) yield Buffer.from(`${rows[0]}\n`.repeat(1_000));
    }
    const read = async () => {
      for await (const _ of csvRecords(long()));
    };
    await expect(read()).rejects.toMatchObject({ problem: 'too_many_rows', line: csvLimits.rows + 2 });
  });
});

test('headings and the first rows are what an admin chooses columns by', async () => {
  const content = `${head}\n${Array.from({ length: 50 }, (_, index) => `${index},a@b.example,${'x'.repeat(300)}`).join('\n')}`;
  const { headings, sample } = await inspectCsv(inPieces(content, 64));
  expect(headings).toEqual(['id', 'userPrincipalName', 'displayName']);
  expect(sample).toHaveLength(3);
  expect(sample[0]).toEqual(['0', 'a@b.example', 'x'.repeat(100)]);
});
