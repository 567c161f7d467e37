import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

// Microsoft's own description of Graph v1.0 as a judge: of what the product asks and of what the sandbox answers.

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: boolean;
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Response {
  readonly $ref?: string;
  readonly content?: { readonly 'application/json'?: { readonly schema: Schema } };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Response;
  readonly responses: Readonly<Record<string, Response>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly requestBodies: Readonly<Record<string, Response>>;
  };
}

const location = new URL('../../../shared/data/graph-openapi.v1.0.slice.json', import.meta.url);

/**
 * Operations that Microsoft documents and that the slice leaves out: only their query options are judged.
 * @see the article of each: List users, List group transitive members, List subscribedSkus, Get mailbox settings,
 *   List childFolders of a contactFolder, List deletedItems
 */
const beyondTheSlice: Readonly<Record<string, readonly string[]>> = {
  'GET /users/$count': ['$filter', '$search'],
  'GET /groups/{group-id}/members/graph.user': ['$select', '$top', '$count', '$filter', '$search', '$orderby'],
  'GET /groups/{group-id}/members/graph.user/$count': ['$filter', '$search'],
  'GET /groups/{group-id}/transitiveMembers/graph.user/$count': ['$filter', '$search'],
  'GET /me/transitiveMemberOf/graph.directoryRole': ['$select', '$top', '$count'],
  'GET /me/memberOf/graph.directoryRole': ['$select', '$top', '$count'],
  'GET /subscribedSkus': ['$select'],
  'GET /directory/deletedItems/graph.user': ['$select', '$top', '$count', '$orderby', '$filter'],
  'GET /users/{user-id}/mailboxSettings/userPurpose': [],
  'GET /users/{user-id}/contactFolders/{contactFolder-id}/childFolders': ['$select', '$top', '$skip', '$count'],
};

/** Cursors: they stand in links that Graph wrote, never in a request that a client makes up. */
const cursors = ['$skiptoken', '$deltatoken'];

interface Judged {
  /** As in the description, such as `GET /users/{user-id}`. */
  readonly name: string;
  /** Absent for operations beyond the slice. */
  readonly operation?: Operation;
  readonly pointer?: string;
}

let description: Description | undefined;
let ajv: Ajv | undefined;
const compiled = new Map<string, ValidateFunction>();

/** The description, read once. @throws a plain sentence when the slice is not where it belongs */
function load(): Description {
  if (description) return description;
  let text: string;
  try {
    text = readFileSync(location, 'utf8');
  } catch {
    throw new Error(`Microsoft's OpenAPI slice was expected at ${location.pathname}, beside the project folder.`);
  }
  description = JSON.parse(text) as Description;
  ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  for (const name of ['base64url', 'uint8', 'int8', 'int16', 'decimal', 'time']) ajv.addFormat(name, true);
  ajv.addSchema({ $id: 'graph', ...(description as object) });
  return description;
}

/** The operation behind a request, such as `GET /users/{user-id}`; undefined for one that nobody documents. */
export function operationOf(method: string, url: string): string | undefined {
  return find(method, url)?.name;
}

/**
 * What is wrong with a request to Microsoft Graph, by Microsoft's description. Empty when nothing is.
 * A batch is judged together with the requests inside it.
 * @param url absolute, or from the version on
 */
export function validateRequest(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): string[] {
  if (pathOf(url) === '/$batch') return validateBatchRequest(body);
  const judged = find(method, url);
  if (!judged) return [`${method} ${pathOf(url)} is not an operation of Microsoft Graph v1.0`];
  return [...queryProblems(judged, url), ...headerProblems(url, headers), ...bodyProblems(judged, body)].map(
    (problem) => `${judged.name}: ${problem}`,
  );
}

/**
 * What is wrong with an answer of Microsoft Graph, by Microsoft's description: schema, and names that no type has.
 * Answers to batches: see `validateBatchResponse`.
 */
export function validateResponse(method: string, url: string, status: number, body?: unknown): string[] {
  const judged = find(method, url);
  if (!judged) return [`${method} ${pathOf(url)} is not an operation of Microsoft Graph v1.0`];
  const prefix = (problem: string) => `${judged.name}, ${status}: ${problem}`;
  if (status >= 400)
    return problemsOf('graph#/components/schemas/microsoft.graph.ODataErrors.ODataError', errorWithOffset(body)).map(
      prefix,
    );
  if (!judged.operation || !judged.pointer) return [];
  const answer = responseFor(judged.operation, status);
  if (!answer) return [prefix('the description has no answer with this status')];
  const schema = answer.response.content?.['application/json']?.schema;
  if (!schema) return body === undefined ? [] : [prefix('there should be no body')];
  const pointer = answer.pointer ?? `${judged.pointer}/responses/${answer.key}`;
  return [...problemsOf(`${pointer}/content/application~1json/schema`, body), ...unknownNames(schema, body, '')].map(
    prefix,
  );
}

/** What is wrong with the answer to a batch: each item is judged by the request with its id. */
export function validateBatchResponse(request: unknown, response: unknown): string[] {
  const requests = (request as { requests: { id: string; method: string; url: string }[] }).requests;
  const { responses } = response as { responses: { id: string; status: number; body?: unknown }[] };
  return responses.flatMap((item) => {
    const asked = requests.find((each) => each.id === item.id);
    if (!asked) return [`the batch answers a request ${item.id} that nobody sent`];
    return validateResponse(asked.method, asked.url, item.status, item.body);
  });
}

function validateBatchRequest(body: unknown): string[] {
  const { requests } = (body ?? {}) as {
    requests?: { id: string; method: string; url: string; headers?: Record<string, string>; body?: unknown }[];
  };
  if (!Array.isArray(requests)) return ['POST /$batch: requests is missing'];
  const problems: string[] = [];
  if (requests.length > 20) problems.push(`POST /$batch: ${requests.length} requests, 20 are allowed`);
  const ids = requests.map((request) => String(request.id).toLowerCase());
  if (new Set(ids).size < ids.length) problems.push('POST /$batch: ids repeat');
  for (const request of requests) {
    if (/^https?:|^\/?v1\.0\//.test(request.url)) problems.push(`POST /$batch: ${request.url} is not relative`);
    if (
      request.body !== undefined &&
      !Object.keys(request.headers ?? {}).some((name) => /^content-type$/i.test(name))
    ) {
      problems.push(`POST /$batch: request ${request.id} has a body without Content-Type`);
    }
    problems.push(...validateRequest(request.method, request.url, request.headers, request.body));
  }
  return problems;
}

function find(method: string, url: string): Judged | undefined {
  const { paths } = load();
  const asked = segmentsOf(pathOf(url));
  for (const [path, item] of Object.entries(paths)) {
    const operation = item[method.toLowerCase()];
    if (operation && matches(segmentsOf(path), asked)) {
      const pointer = `graph#/paths/${encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'))}/${method.toLowerCase()}`;
      return { name: `${method} ${path}`, operation, pointer };
    }
  }
  const beyond = Object.keys(beyondTheSlice).find((name) => {
    const [knownMethod, path = ''] = name.split(' ');
    return knownMethod === method && matches(segmentsOf(path), asked);
  });
  if (beyond) return { name: beyond };
  // What Graph offers for any user it offers for the signed-in one.
  return asked[0] === 'me' && asked.length > 1 ? find(method, `/users/me/${asked.slice(1).join('/')}`) : undefined;
}

function matches(known: readonly string[], asked: readonly string[]): boolean {
  if (known.length !== asked.length) return false;
  return known.every((segment, index) => {
    const given = asked[index] as string;
    // A name of the description is no value for a parameter of another path.
    if (segment.startsWith('{')) return !['delta', '$count', '$ref'].includes(given);
    return segment.toLowerCase() === given.toLowerCase();
  });
}

/** One spelling for the several that Graph takes. */
function segmentsOf(path: string): string[] {
  return path
    .replace(/\(appId='[^']*'\)(?=\/)/, '/by-app-id')
    .replace(/\(appId='[^']*'\)$/, '/by app id')
    .split('/')
    .filter(Boolean)
    .flatMap((segment) => {
      const withKey = segment.match(/^(\w+)\('(.*)'\)$/);
      return withKey ? [withKey[1] as string, withKey[2] as string] : [segment];
    })
    .map((segment) => segment.replace(/\(\)$/, '').replace(/^microsoft\.graph\./, 'graph.'));
}

/** From behind the version on, without query. */
function pathOf(url: string): string {
  const { pathname } = new URL(url, 'https://graph.microsoft.com/v1.0/');
  return decodeURIComponent(pathname).replace(/^\/v1\.0(?=\/)/, '');
}

function queryProblems({ name, operation, pointer }: Judged, url: string): string[] {
  const { searchParams } = new URL(url, 'https://graph.microsoft.com/v1.0/');
  const parameters = operation ? queryParameters(operation) : [];
  const known = operation ? parameters.map((parameter) => parameter.name) : (beyondTheSlice[name] ?? []);
  const isContinued = cursors.some((cursor) => searchParams.has(cursor));
  const problems = [...searchParams.keys()]
    .filter((option) => !known.includes(option) && !cursors.includes(option))
    .map((option) => `the query option ${option} is not described`);
  for (const { name: option, required } of parameters) {
    if (required && !isContinued && !searchParams.has(option)) problems.push(`the query option ${option} is missing`);
  }
  if (operation && pointer) {
    const names = namesOfAnswer(operation);
    for (const option of ['$select', '$orderby']) {
      for (const entry of searchParams.get(option)?.split(',') ?? []) {
        const property = entry.trim().split(/[\s/]/)[0] ?? '';
        if (names && !names.has(property)) problems.push(`${option} names ${property}, which the type does not have`);
      }
    }
  }
  return problems;
}

/** Advanced queries of the directory need a header. */
function headerProblems(url: string, headers: Readonly<Record<string, string>>): string[] {
  const { searchParams } = new URL(url, 'https://graph.microsoft.com/v1.0/');
  const path = pathOf(url);
  const isDirectory = /^\/(users|groups|servicePrincipals)(\/\$count)?$|^\/groups\/[^/]+\/\w*[mM]embers/.test(path);
  const isAdvanced = searchParams.has('$search') || searchParams.has('$count') || path.endsWith('/$count');
  const level = Object.entries(headers).find(([header]) => header.toLowerCase() === 'consistencylevel')?.[1];
  return isDirectory && isAdvanced && level?.toLowerCase() !== 'eventual'
    ? ['$search and $count need the header ConsistencyLevel: eventual']
    : [];
}

function bodyProblems({ operation, pointer }: Judged, body: unknown): string[] {
  const requestBody = operation?.requestBody;
  if (!requestBody) return body === undefined ? [] : ['there should be no body'];
  const resolved = requestBody.$ref ? load().components.requestBodies[lastOf(requestBody.$ref)] : requestBody;
  const schema = resolved?.content?.['application/json']?.schema;
  if (!schema) return [];
  const at = requestBody.$ref ? `graph${requestBody.$ref}` : `${pointer}/requestBody`;
  return [...problemsOf(`${at}/content/application~1json/schema`, body), ...unknownNames(schema, body, '')];
}

function queryParameters(operation: Operation): Parameter[] {
  return (operation.parameters ?? [])
    .map((parameter) => (parameter.$ref ? load().components.parameters[lastOf(parameter.$ref)] : parameter))
    .filter((parameter): parameter is Parameter => parameter?.in === 'query');
}

/** Property names of what an operation answers; of collections, of their items. Undefined where any name may be right. */
function namesOfAnswer(operation: Operation): Set<string> | undefined {
  const schema = responseFor(operation, 200)?.response.content?.['application/json']?.schema;
  if (!schema) return undefined;
  const items = propertiesOf(schema).get('value')?.items;
  const type = items ?? schema;
  // Members are directory objects of any kind: the names of all kinds are right.
  if (type.$ref?.endsWith('/microsoft.graph.directoryObject')) return undefined;
  return new Set(propertiesOf(type).keys());
}

function responseFor(operation: Operation, status: number) {
  const key = [String(status), `${Math.floor(status / 100)}XX`].find((each) => operation.responses[each]);
  // Functions and some PATCH calls are described with the class alone.
  const response = key && operation.responses[key];
  if (!key || !response) return undefined;
  if (!response.$ref) return { key, response };
  const resolved = load().components.responses[lastOf(response.$ref)];
  return resolved && { key, response: resolved, pointer: `graph${response.$ref}` };
}

function problemsOf(pointer: string, value: unknown): string[] {
  load();
  let validate = compiled.get(pointer);
  if (!validate) {
    validate = (ajv as Ajv).compile({ $ref: pointer });
    compiled.set(pointer, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || 'the body'} ${error.message}`);
}

/** Names that the type of the value does not have; names with `@` belong to OData. */
function unknownNames(schema: Schema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const { items } = resolve(schema);
    return items ? value.flatMap((entry, index) => unknownNames(items, entry, `${path}/${index}`)) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const odataType = (value as Record<string, unknown>)['@odata.type'];
  const derived = typeof odataType === 'string' ? load().components.schemas[odataType.slice(1)] : undefined;
  const type = derived ?? resolve(schema);
  if (type.additionalProperties === true) return [];
  const properties = propertiesOf(type);
  return Object.entries(value).flatMap(([name, entry]) => {
    if (name.includes('@')) return [];
    const property = properties.get(name);
    return property ? unknownNames(property, entry, `${path}/${name}`) : [`${path}/${name} is a name no type has`];
  });
}

function propertiesOf(schema: Schema): Map<string, Schema> {
  const resolved = resolve(schema);
  const properties = new Map<string, Schema>();
  for (const part of resolved.allOf ?? []) for (const entry of propertiesOf(part)) properties.set(...entry);
  for (const entry of Object.entries(resolved.properties ?? {})) properties.set(...entry);
  return properties;
}

/** Follows references, and the branch of `anyOf` that is not the null type. */
function resolve(schema: Schema): Schema {
  if (schema.$ref) return resolve(load().components.schemas[lastOf(schema.$ref)] ?? {});
  const [first] = schema.anyOf ?? [];
  return first ? resolve(first) : schema;
}

/** The description wants an offset in the date of an error; Graph is known to leave it out. */
function errorWithOffset(body: unknown): unknown {
  const copy = structuredClone(body) as { error?: { innerError?: { date?: unknown } } };
  const inner = copy?.error?.innerError;
  if (typeof inner?.date === 'string' && /T[\d:.]+$/.test(inner.date)) inner.date += 'Z';
  return copy;
}

const lastOf = (reference: string) => reference.split('/').at(-1) ?? '';
