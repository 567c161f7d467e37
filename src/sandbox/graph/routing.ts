import { badRequest } from './graph-error.ts';
import type { Operation } from './operation.ts';

interface Route {
  readonly operation: Operation;
  readonly length: number;
  /** Segments that are given, in lower case. */
  readonly names: readonly Segment[];
  /** Segments that may be anything but empty. */
  readonly parameters: readonly Segment[];
}

interface Segment {
  readonly index: number;
  readonly name: string;
}

export interface Match {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

/**
 * Finds the operation for a path. Microsoft Graph takes `users/{id}` and `users('{id}')`, `delta` and `delta()`,
 * `microsoft.graph.user` and `graph.user` alike, and does not care about case.
 */
export function makeRouter(operations: readonly Operation[]) {
  // A name goes before a parameter: `/users/delta` is not the user called delta.
  const routes = operations.map(routeOf).sort((one, other) => one.parameters.length - other.parameters.length);
  const kindOf = (method: string, length: number) => `${method} ${length}`;
  const byKind = Map.groupBy(routes, ({ operation, length }) => kindOf(operation.method, length));

  return (method: string, path: string): Match | undefined => {
    const asked = segmentsOf(path);
    const lowerCased = asked.map((segment) => segment.toLowerCase());
    const found = byKind.get(kindOf(method, asked.length))?.find((route) => matches(route, lowerCased));
    return found && { operation: found.operation, path: valuesOf(found, asked) };
  };
}

function routeOf(operation: Operation): Route {
  const segments = segmentsOf(operation.path).map((name, index) => ({ name, index }));
  const isParameter = ({ name }: Segment) => name.startsWith('{');
  return {
    operation,
    length: segments.length,
    names: segments
      .filter((segment) => !isParameter(segment))
      .map(({ name, index }) => ({ name: name.toLowerCase(), index })),
    parameters: segments.filter(isParameter).map(({ name, index }) => ({ name: name.slice(1, -1), index })),
  };
}

function matches({ names, parameters }: Route, lowerCased: readonly string[]): boolean {
  return (
    names.every(({ name, index }) => lowerCased[index] === name) &&
    parameters.every(({ index }) => lowerCased[index] !== '')
  );
}

function valuesOf({ parameters }: Route, asked: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, index } of parameters) values[name] = asked[index] as string;
  return values;
}

/** @throws {GraphError} 400 for percent signs that encode nothing */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('The request URI is not valid.');
  }
}

/** Segments of a path, decoded, with keys in parentheses as segments of their own. */
function segmentsOf(path: string): string[] {
  const segments = path.split('/').filter(Boolean);
  return segments.some(meansMore) ? segments.flatMap(read) : segments;
}

/** Whether a segment is more than its text: encoded, with a key or a call, or in a namespace. */
const meansMore = (segment: string) => /[%(.]/.test(segment);

function read(encoded: string): string[] {
  const segment = decoded(encoded);
  const withKey = segment.match(/^([A-Za-z]+)\((?:(appId)=)?'(.*)'\)$/);
  if (withKey) {
    const [, name = '', byAppId, key = ''] = withKey;
    return [byAppId ? `${name}(appId=)` : name, key.replaceAll("''", "'")];
  }
  return [segment.replace(/\(\)$/, '').replace(/^graph\./, 'microsoft.graph.')];
}
