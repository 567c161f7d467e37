import { describe, expect, test } from 'vitest';
import { userIdOf } from '../../../testing/fixtures.ts';
import { fileLimits } from './csv-text.ts';
import { readCsvFile } from './read-csv-file.ts';

const ada = { id: userIdOf(1), userPrincipalName: 'ada@contoso.example', displayName: 'Ada', mail: null };
const bob = { id: userIdOf(2), userPrincipalName: 'bob@contoso.example', displayName: 'Bob', mail: null };
const read = (...parts: BlobPart[]) => readCsvFile(new Blob(parts));
const head = 'id,userPrincipalName,displayName';
const adaLine = `${ada.id},${ada.userPrincipalName},Ada`;
const bobLine = `${bob.id},${bob.userPrincipalName},Bob`;
const allGood = { outcome: 'read', people: [ada, bob], badRows: [], repeated: 0 };
const utf16 = (text: string, isLittle: boolean) => {
  const bytes = new DataView(new ArrayBuffer(text.length * 2));
  for (let index = 0; index < text.length; index++) bytes.setUint16(index * 2, text.charCodeAt(index), isLittle);
  return bytes;
};

describe('what is read', () => {
  const text = `${head}\r\n${adaLine}\n${bobLine}\r`;
  test.each<[string, BlobPart]>([
    ['UTF-8 and mixed line ends', text],
    ['a byte order mark', `\uFEFF${text}`],
    ['UTF-16 little endian', utf16(`\uFEFF${text}`, true)],
    ['UTF-16 big endian', utf16(`\uFEFF${text}`, false)],
    ['semicolons', text.replaceAll(',', ';')],
    ['tabs', text.replaceAll(',', '\t')],
    ['quoted cells and empty lines', `"Object Id","User principal name","Display Name"\n\n${adaLine}\n,,\n${bobLine}`],
    [
      'other columns and another order',
      `Department,DISPLAYNAME,upn,x,OBJECT_ID\nIT,Ada,${ada.userPrincipalName},,${ada.id.toUpperCase()}\nHR,Bob,${bob.userPrincipalName},,${bob.id}`,
    ],
  ])('fault 85: %s', async (_name, content) => expect(await read(content)).toEqual(allGood));

  test('mail and name are optional, and a comma within quotes is part of the cell', async () => {
    const result = await read(`id,mail,upn,name\n${ada.id},a@b.example,${ada.userPrincipalName},"Lovelace, ""Ada"""`);
    expect(result).toMatchObject({ people: [{ mail: 'a@b.example', displayName: 'Lovelace, "Ada"' }] });
  });

  test('fault 85: the same person counts once', async () => {
    expect(await read([head, adaLine, adaLine.toUpperCase(), bobLine].join('\n'))).toEqual({ ...allGood, repeated: 1 });
  });

  test('fault 85: of two columns with the same heading the first counts', async () => {
    expect(await read(`id,id,upn,name\n${ada.id},x,${ada.userPrincipalName},Ada`)).toMatchObject({ people: [ada] });
  });

  test('fault 85: headings that are names of JavaScript’s own change nothing', async () => {
    const result = await read(`__proto__,constructor,${head}\n{"isAdmin":true},x,${adaLine}\ny,z,${bobLine}`);
    expect(result).toEqual(allGood);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  test('fault 85: a formula is a text', async () => {
    const result = await read(`${head}\n${ada.id},${ada.userPrincipalName},=cmd|' /C calc'!A0`);
    expect(result).toMatchObject({ people: [{ displayName: "=cmd|' /C calc'!A0" }], badRows: [] });
  });
});

test('fault 85: every row that is not understood is named with its line and cause', async () => {
  const lines = [
    `${head},Note`,
    `${adaLine},"two`,
    'lines"',
    `nobody,${bob.userPrincipalName},Bob`,
    `${bob.id},bob,Bob`,
    `${bob.id},${bob.userPrincipalName},${'x'.repeat(2_001)}`,
    `${bob.id},${bob.userPrincipalName},${'x'.repeat(257)}`,
    `${bob.id},${bob.userPrincipalName},B\u0007b`,
    `${bob.id},${bob.userPrincipalName},Bob,x,y`,
    '',
    bobLine,
    `${bob.id}`,
  ];
  expect(await read(lines.join('\r\n'))).toEqual({
    outcome: 'read',
    people: [ada, bob],
    repeated: 0,
    badRows: [
      { line: 4, problem: 'id' },
      { line: 5, problem: 'user_principal_name' },
      { line: 6, problem: 'too_long' },
      { line: 7, problem: 'too_long' },
      { line: 8, problem: 'control_character' },
      { line: 9, problem: 'too_many_cells' },
      { line: 12, problem: 'user_principal_name' },
    ],
  });
});

describe('fault 85: what is refused before it is parsed', () => {
  const nul = '\0';
  test.each<[string, BlobPart, string]>([
    ['an empty file', ' \r\n', 'empty'],
    ['a workbook', 'PK\x03\x04 id,upn', 'not_text'],
    ['an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'not_text'],
    ['a compressed file', new Uint8Array([0x1f, 0x8b, 8]), 'not_text'],
    ['a NUL', `${head}\n${nul}`, 'not_text'],
    ['a NUL in UTF-16', utf16(`\uFEFFid${nul}`, true), 'not_text'],
    ['another encoding', new Uint8Array([0x69, 0x64, 0xe4, 0x0a]), 'encoding'],
    ['half a character in UTF-16', utf16('\uFEFFid\uD800x', true), 'encoding'],
    ['20,001 rows', `${head}\n${`${adaLine}\n`.repeat(20_001)}`, 'too_many_lines'],
    ['51 columns', `${head}${','.repeat(48)}\n`, 'too_many_columns'],
    ['a million columns', `${head}\n${';'.repeat(1_000_000)}`, 'too_many_columns'],
    ['no headings', `${adaLine}\n${bobLine}`, 'no_headings'],
    ['a quote that never closes', `${head}\n"${adaLine}`, 'broken'],
    ['a row without end', `${head}\n${'x'.repeat(200_000)}`, 'broken'],
  ])('%s', async (_name, content, problem) => {
    expect(await read(content)).toMatchObject({ outcome: 'refused', problem });
  });

  test('a huge file, without reading it', async () => {
    const huge = { size: 1024 ** 3, arrayBuffer: () => Promise.reject(new Error('read')) } as unknown as Blob;
    expect(await readCsvFile(huge)).toEqual({ outcome: 'refused', problem: 'too_large' });
  });

  test('20,000 rows and 50 columns are read', async () => {
    const line = (index: number) => `${userIdOf(index)},p${index}@contoso.example,P${','.repeat(47)}`;
    const text = [`${head}${','.repeat(47)}`, ...Array.from({ length: fileLimits.lines }, (_, index) => line(index))];
    const result = await read(`${text.join('\n')}\n`);
    expect(result).toMatchObject({ outcome: 'read', badRows: [] });
    expect(result.outcome === 'read' && result.people.length).toBe(20_000);
  });
});
