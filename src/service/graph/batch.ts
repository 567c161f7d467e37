import type { GraphAnswer } from './error.ts';

/** Graph refuses larger batches. @see Combine multiple HTTP requests using JSON batching */
export const largestBatch = 20;

/** A request inside a batch: a path under the version, alone or with headers of its own. */
export type BatchedGet = string | { readonly url: string; readonly headers?: Readonly<Record<string, string>> };

/** The body of `POST /$batch` for GET requests; ids are positions. */
export function batchOf(gets: readonly BatchedGet[]) {
  if (gets.length > largestBatch) throw new Error(`A batch holds at most ${largestBatch} requests`);
  return {
    requests: gets.map((get, index) => {
      const id = String(index);
      return typeof get === 'string' ? { id, method: 'GET', url: get } : { id, method: 'GET', ...get };
    }),
  };
}

/** One answer of a batch, as it is sent. */
interface BatchedAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Answers in the order of the requests. Undefined for one that is missing or came twice: neither tells which is true.
 * @returns undefined when the body is no batch answer, or answers requests that nobody sent
 */
export function readBatch(body: unknown, size: number): (GraphAnswer | undefined)[] | undefined {
  if (!isObject(body) || !Array.isArray(body.responses) || !body.responses.every(isBatchedAnswer)) return undefined;
  const answers: (GraphAnswer | undefined)[] = Array.from({ length: size });
  const seen = new Set<number>();
  for (const { id, status, headers = {}, body: inner } of body.responses as readonly BatchedAnswer[]) {
    const index = /^\d{1,2}$/.test(id) ? Number(id) : size;
    if (index >= size) return undefined;
    answers[index] = seen.has(index) ? undefined : { status, headers, body: inner };
    seen.add(index);
  }
  return answers;
}

/** By hand: there is one for every mailbox, and a schema would take longer than what is done with it. */
function isBatchedAnswer(value: unknown): value is BatchedAnswer {
  if (!isObject(value)) return false;
  const { id, status, headers } = value;
  return (
    typeof id === 'string' &&
    typeof status === 'number' &&
    Number.isInteger(status) &&
    status >= 100 &&
    status <= 599 &&
    (headers === undefined || (isObject(headers) && Object.values(headers).every((text) => typeof text === 'string')))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
