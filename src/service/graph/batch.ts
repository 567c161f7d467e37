import { z } from 'zod';
import type { GraphAnswer } from './error.ts';

/** Graph refuses larger batches. @see Combine multiple HTTP requests using JSON batching */
export const largestBatch = 20;

/** A request inside a batch: a path under the version, alone or with headers of its own. */
export type BatchedGet = string | { readonly url: string; readonly headers?: Readonly<Record<string, string>> };

/** The body of `POST /$batch` for GET requests; ids are positions. */
export function batchOf(gets: readonly BatchedGet[]) {
  if (gets.length > largestBatch) throw new Error(`A batch holds at most ${largestBatch} requests`);
  return {
    requests: gets.map((get, index) => ({
      id: String(index),
      method: 'GET',
      ...(typeof get === 'string' ? { url: get } : get),
    })),
  };
}

const batchAnswer = z.looseObject({
  responses: z.array(
    z.looseObject({
      id: z.string(),
      status: z.int().min(100).max(599),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
    }),
  ),
});

/**
 * Answers in the order of the requests. Undefined for one that is missing or came twice: neither tells which is true.
 * @returns undefined when the body is no batch answer, or answers requests that nobody sent
 */
export function readBatch(body: unknown, size: number): (GraphAnswer | undefined)[] | undefined {
  const parsed = batchAnswer.safeParse(body);
  if (!parsed.success) return undefined;
  const answers: (GraphAnswer | undefined)[] = Array.from({ length: size });
  const seen = new Set<number>();
  for (const { id, status, headers = {}, body: inner } of parsed.data.responses) {
    const index = /^\d{1,2}$/.test(id) ? Number(id) : size;
    if (index >= size) return undefined;
    answers[index] = seen.has(index) ? undefined : { status, headers: lowerCased(headers), body: inner };
    seen.add(index);
  }
  return answers;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
