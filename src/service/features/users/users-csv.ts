import { addAbortSignal, pipeline, Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { stringify } from 'csv-stringify';
import { connectionWords, mailboxStatusWords, statusWords } from '../../../contract/list-words.ts';
import { reasonWords } from '../../../contract/reasons.ts';
import type { User } from '../../../contract/users.ts';
import { toCell } from './csv-cell.ts';

const columns: readonly (readonly [heading: string, value: (user: User) => string])[] = [
  ['Name', (user) => user.displayName],
  ['User principal name', (user) => user.userPrincipalName],
  ['Address', (user) => user.mail ?? ''],
  ['Organization', (user) => user.organizationName],
  ['Connection', (user) => connectionWords[user.connectionType]],
  ['Mailbox Status', (user) => mailboxStatusWords[user.mailboxState]],
  ['Status', (user) => statusWords[user.access.status]],
  ['Reason', ({ access }) => (access.reason ? reasonWords[access.reason].title : '')],
  ['Checked at (UTC)', (user) => user.access.checkedAt ?? ''],
];

/** A reader who has not finished by then has gone or never will; the tab waits no longer either. */
const longestReadMs = 10 * 60_000;

/**
 * Users as CSV after RFC 4180, in UTF-8 with a byte order mark, because Excel guesses without one. A page is asked for
 * when the reader has taken the one before; a reader that leaves ends the asking, and an error errors the stream.
 */
export function usersCsv(
  pages: AsyncIterable<readonly User[]>,
  { limitMs = longestReadMs } = {},
): ReadableStream<Uint8Array> {
  const csv = stringify({
    bom: true,
    header: true,
    columns: columns.map(([heading]) => heading),
    record_delimiter: '\r\n',
    // All of them: a quote also holds together what a reader with another separator would split.
    quoted: true,
  });
  // Who reads is told by the stream itself; without a callback the error would be thrown at nobody.
  const signal = AbortSignal.timeout(limitMs);
  addAbortSignal(signal, csv);
  pipeline(Readable.from(records(pages)), csv, () => {});
  return Readable.toWeb(csv) as NodeReadableStream<Uint8Array> as ReadableStream<Uint8Array>;
}

async function* records(pages: AsyncIterable<readonly User[]>) {
  for await (const page of pages) {
    for (const user of page) yield columns.map(([, value]) => toCell(value(user)));
  }
}
