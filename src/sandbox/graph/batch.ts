import { remembering } from '../remembering.ts';
import { seededRandom } from '../tenant/random.ts';
import type { World } from '../world.ts';
import type { Graph } from './graph.ts';
import { badRequest } from './graph-error.ts';
import type { GraphAnswer, GraphRequest } from './operation.ts';
import { readTarget } from './request-target.ts';

interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dependsOn?: readonly string[];
}

interface BatchItemAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Requests that one batch may have. */
const largestBatch = 20;

/** Requests of one batch that Outlook works on at the same time. */
const outlookConcurrency = 4;

const outlookPath =
  /^\/(me|users\/[^/]+)\/(messages|mailFolders|mailboxSettings|calendar|calendars|calendarView|events|contacts|contactFolders)\b/i;

/**
 * Answers `POST /v1.0/$batch`.
 * @throws {GraphError} 400 when the batch itself cannot be read
 * @see Microsoft Learn, Combine multiple HTTP requests using JSON batching
 */
export async function answerBatch(world: World, graph: Graph, request: GraphRequest): Promise<GraphAnswer> {
  const items = readItems(request.body);
  const running = new Map<string, Promise<BatchItemAnswer[]>>();
  const outlook = limiter(outlookConcurrency);
  const inherited = inheritedHeaders(request.headers);

  const run = async (item: BatchItem): Promise<BatchItemAnswer[]> => {
    if (item.dependsOn?.length) {
      const before = await Promise.all(item.dependsOn.map((id) => running.get(id.toLowerCase())));
      if (before.flat().some((answer) => answer && answer.status >= 400)) return [failedDependency(item)];
    }
    const ask = () => answerItem(world, graph, inherited, item);
    return outlookPath.test(item.url) ? outlook(ask) : ask();
  };
  for (const item of items) running.set(item.id.toLowerCase(), run(item));
  const answers = (await Promise.all(running.values())).flat();
  return { status: 200, body: { responses: inAnyOrder(answers) } };
}

function readItems(body: unknown): BatchItem[] {
  const requests = isRecord(body) ? body.requests : undefined;
  if (!Array.isArray(requests)) throw badRequest('Invalid batch payload format.');
  if (requests.length > largestBatch) {
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${largestBatch}.`);
  }
  const items = requests.map(readItem);
  const ids = items.map((item) => item.id.toLowerCase());
  if (new Set(ids).size < ids.length) throw badRequest('Request Ids must be unique in a batch.');
  for (const [index, item] of items.entries()) {
    // A request can wait only for one before it, so that no circle is possible.
    if (item.dependsOn?.some((id) => !ids.slice(0, index).includes(id.toLowerCase()))) {
      throw badRequest(`The dependsOn of request '${item.id}' names a request that is not before it in the batch.`);
    }
  }
  return items;
}

function readItem(item: unknown): BatchItem {
  if (!isRecord(item) || typeof item.id !== 'string' || item.id === '') {
    throw badRequest('Request Id is missing in a batch step.');
  }
  const { method, url, headers, body } = item;
  if (typeof method !== 'string' || typeof url !== 'string') {
    throw badRequest(`The method or the url of request '${item.id}' is missing.`);
  }
  const hasContentType = isRecord(headers) && Object.keys(headers).some((name) => /^content-type$/i.test(name));
  if (body !== undefined && !hasContentType) {
    throw badRequest(`Content-Type header is required when request '${item.id}' has a body.`);
  }
  return item as unknown as BatchItem;
}

async function answerItem(
  world: World,
  graph: Graph,
  inherited: Readonly<Record<string, string>>,
  item: BatchItem,
): Promise<BatchItemAnswer[]> {
  if (/^([a-z]+:|\/\/)/i.test(item.url) || /^\/?(v1\.0|beta)\//.test(item.url)) {
    const body = { error: { code: 'BadRequest', message: `Invalid batch request url '${item.url}'.` } };
    return [{ id: item.id, status: 400, headers: { 'Content-Type': 'application/json' }, body }];
  }
  const target = readTarget(`/v1.0/${item.url.replace(/^\//, '')}`);
  const method = item.method.toUpperCase();
  const fault = world.faults.take(method, target.path);
  // A connection belongs to the batch: what would break it leaves the item out.
  if (fault?.inBatch === 'omit' || fault?.reset || fault?.hang || fault?.truncate) return [];
  const scripted = fault?.status !== undefined || fault?.body !== undefined || fault?.html !== undefined;
  if (fault && scripted) {
    const headers = { 'Content-Type': fault.html ? 'text/html' : 'application/json', ...fault.headers };
    const body = fault.html === undefined ? fault.body : base64(fault.html);
    return [{ id: item.id, status: fault.status ?? 200, headers, ...(body !== undefined && { body }) }];
  }
  const given = await graph({
    method,
    target,
    headers: item.headers ? { ...inherited, ...lowerCased(item.headers) } : inherited,
    body: item.body,
    inBatch: true,
  });
  const answer = inEnvelope(item, given);
  return fault?.inBatch === 'repeat' ? [answer, answer] : [answer];
}

function inEnvelope({ id }: BatchItem, { status, headers: given = {}, body, text }: GraphAnswer): BatchItemAnswer {
  const headers = titleCased(given);
  headers['Cache-Control'] = 'no-cache';
  if (text !== undefined) {
    headers['Content-Type'] = 'text/plain';
    return { id, status, headers, body: base64(text) };
  }
  if (body === undefined) return { id, status, headers };
  headers['Content-Type'] = 'application/json; odata.metadata=minimal; charset=utf-8';
  return { id, status, headers, body };
}

const failedDependency = ({ id }: BatchItem): BatchItemAnswer => ({
  id,
  status: 424,
  headers: { 'Content-Type': 'application/json' },
  body: { error: { code: 'FailedDependency', message: 'The request it depends on failed.' } },
});

/** The order says nothing, so it is never the order of the requests. */
function inAnyOrder(answers: readonly BatchItemAnswer[]): BatchItemAnswer[] {
  const places = placesFor(answers.map((answer) => answer.id).join());
  return answers
    .map((answer, index) => ({ answer, place: places[index] ?? 0 }))
    .sort((one, other) => one.place - other.place)
    .map(({ answer }) => answer);
}

/** Enough for twenty answers that all come twice. Most batches have the same ids. */
const placesFor = remembering((ids): readonly number[] => {
  const random = seededRandom(ids);
  return Array.from({ length: 2 * largestBatch }, () => random.next());
});

/** Lets so many tasks run at once; the others wait in line. */
function limiter(most: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

/** Of the batch's own headers only the token, and who sends it, hold for its requests. */
const inheritedHeaders = ({ authorization, 'user-agent': userAgent }: Readonly<Record<string, string>>) => ({
  ...(authorization && { authorization }),
  ...(userAgent && { 'user-agent': userAgent }),
});

const lowerCased = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

function titleCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  const titled: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) titled[titleOf(name)] = value;
  return titled;
}

/** Every item of every batch has the same few names. */
const titleOf = remembering((name) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()));

const base64 = (text: string) => Buffer.from(text).toString('base64');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
