import { addAbortSignal, Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** A reader who has not finished by then has gone or never will; the tab waits no longer either. */
const longestReadMs = 10 * 60_000;

/** The body of a file: made as it is read, ended by a reader that leaves or stalls, failed by a failure of its source. */
export function fileStream(source: Readable, { limitMs = longestReadMs } = {}): ReadableStream<Uint8Array> {
  addAbortSignal(AbortSignal.timeout(limitMs), source);
  return Readable.toWeb(source) as NodeReadableStream<Uint8Array> as ReadableStream<Uint8Array>;
}
