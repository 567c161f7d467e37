import { Readable } from 'node:stream';
import type { User } from '../../../contract/users.ts';
import { fileStream } from '../../http/file-stream.ts';
import { userColumns } from './user-columns.ts';

/**
 * Users as one JSON array after RFC 8259, one user per line. An array and not a JSON text per line (NDJSON), because
 * every reader of JSON takes it, and because a file that was cut off lacks its last bracket and so is no JSON: of lines,
 * any number looks whole. Values are what they are: no cell of a spreadsheet, so nothing is neutralised.
 * Read page by page as `usersCsv` does.
 */
export function usersJson(
  pages: AsyncIterable<readonly User[]>,
  options?: { readonly limitMs?: number },
): ReadableStream<Uint8Array> {
  return fileStream(Readable.from(lines(pages), { objectMode: false }), options);
}

async function* lines(pages: AsyncIterable<readonly User[]>) {
  let separator = '[\n';
  for await (const page of pages) {
    for (const user of page) {
      yield Buffer.from(`${separator}${lineOf(user)}`);
      separator = ',\n';
    }
  }
  yield Buffer.from(separator === '[\n' ? '[]\n' : '\n]\n');
}

function lineOf(user: User): string {
  return JSON.stringify(Object.fromEntries(userColumns.map(({ key, value }) => [key, value(user)])));
}
