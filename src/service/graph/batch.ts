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

/**
 * Answers in the order of the requests, each judged by itself. Undefined for one that is missing, that cannot be read, or
 * that came twice: neither tells which is true.
 * @param call the answer to the batch; its date stands in for the one that a throttled answer inside does not have
 * @returns undefined when the body is no batch answer
 */
export function readBatch(call: GraphAnswer, size: number): (GraphAnswer | undefined)[] | undefined {
  const { body } = call;
  if (!isObject(body) || !Array.isArray(body.responses)) return undefined;
  const answers: (GraphAnswer | undefined)[] = Array.from({ length: size });
  const seen = new Set<number>();
  for (const inner of body.responses as readonly unknown[]) {
    if (!isObject(inner)) continue;
    const index = /^\d{1,2}$/.test(String(inner.id)) ? Number(inner.id) : size;
    if (index >= size) continue;
    answers[index] = seen.has(index) ? undefined : readAnswer(inner, call);
    seen.add(index);
  }
  return answers;
}

/** By hand: there is one for every mailbox, and a schema would take longer than what is done with it. */
function readAnswer(inner: Readonly<Record<string, unknown>>, call: GraphAnswer): GraphAnswer | undefined {
  const status = /^[1-5]\d\d$/.test(String(inner.status)) ? Number(inner.status) : undefined;
  const { headers = {}, body } = inner;
  if (status === undefined || !isObject(headers)) return undefined;
  const texts = areTexts(headers) ? headers : asTexts(headers);
  const isPutOff = status === 429 || status === 503;
  return { status, headers: isPutOff ? { ...dateIn(call), ...texts } : texts, body };
}

function dateIn({ headers }: GraphAnswer): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() === 'date'));
}

/** Numbers as the texts that they are in HTTP; whatever is neither is left out. */
function asTexts(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const known = Object.entries(headers).filter(([, value]) => isText(value) || typeof value === 'number');
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

const isText = (value: unknown) => typeof value === 'string';

function areTexts(headers: Readonly<Record<string, unknown>>): headers is Readonly<Record<string, string>> {
  return Object.values(headers).every(isText);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
