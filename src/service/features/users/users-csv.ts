import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { User } from '../../../contract/users.ts';
import { toCell } from '../../http/csv-cell.ts';
import { fileStream } from '../../http/file-stream.ts';
import { userColumns } from './user-columns.ts';

/**
 * Users as CSV after RFC 4180, in UTF-8 with a byte order mark, because Excel guesses without one. A page is asked for
 * when the reader has taken the one before; a reader that leaves ends the asking, and an error errors the stream.
 */
export function usersCsv(
  pages: AsyncIterable<readonly User[]>,
  options?: { readonly limitMs?: number },
): ReadableStream<Uint8Array> {
  const csv = stringify({
    bom: true,
    header: true,
    columns: userColumns.map(({ heading }) => heading),
    record_delimiter: '\r\n',
    // All of them: a quote also holds together what a reader with another separator would split.
    quoted: true,
  });
  // Who reads is told by the stream itself; without a callback the error would be thrown at nobody.
  pipeline(Readable.from(records(pages)), csv, () => {});
  return fileStream(csv, options);
}

async function* records(pages: AsyncIterable<readonly User[]>) {
  for await (const page of pages) {
    for (const user of page) yield userColumns.map(({ value }) => toCell(value(user) ?? ''));
  }
}
