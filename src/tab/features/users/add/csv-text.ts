/** Why a file is not read at all. */
export type FileProblem =
  | 'empty'
  | 'too_large'
  | 'too_many_lines'
  | 'too_many_columns'
  | 'not_text'
  | 'encoding'
  | 'no_headings'
  | 'broken'
  | 'unreadable';

export const fileLimits = { bytes: 5 * 1024 * 1024, lines: 20_000, columns: 50, cell: 2_000 };

type Decoded = { readonly text: string } | { readonly problem: FileProblem };

// ZIP, which an .xlsx is; gzip; the container of an old .xls; PDF.
const signatures = [
  [0x50, 0x4b],
  [0x1f, 0x8b],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x25, 0x50, 0x44, 0x46],
];

/** The text of a CSV file: UTF-8, or what its byte order mark says. Everything is refused that has no place in one. */
export function decodeCsv(bytes: Uint8Array): Decoded {
  if (bytes.length > fileLimits.bytes) return { problem: 'too_large' };
  if (signatures.some((signature) => signature.every((byte, index) => bytes[index] === byte))) {
    return { problem: 'not_text' };
  }
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.includes(0)) return { problem: 'not_text' };
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (text.includes('\0')) return { problem: 'not_text' };
    return text.trim() === '' ? { problem: 'empty' } : { text };
  } catch {
    return { problem: 'encoding' };
  }
}

function encodingOf([first, second]: Uint8Array) {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
