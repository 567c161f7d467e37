import { badRequest } from './graph-error.ts';
import type { Operation } from './operation.ts';

interface Route {
  readonly operation: Operation;
  /** In lower case, but for the names of parameters. */
  readonly segments: readonly string[];
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
  const routes: Route[] = operations.map((operation) => ({
    operation,
    segments: segmentsOf(operation.path).map((segment) => (isParameter(segment) ? segment : segment.toLowerCase())),
  }));
  // A name goes before a parameter: `/users/delta` is not the user called delta.
  const parameters = (route: Route) => route.segments.filter(isParameter).length;
  routes.sort((one, other) => parameters(one) - parameters(other));
  const kindOf = (method: string, segments: readonly string[]) => `${method} ${segments.length}`;
  const byKind = Map.groupBy(routes, ({ operation, segments }) => kindOf(operation.method, segments));

  return (method: string, path: string): Match | undefined => {
    const asked = segmentsOf(path);
    const lowerCased = asked.map((segment) => segment.toLowerCase());
    const found = byKind.get(kindOf(method, asked))?.find(({ segments }) => matches(segments, lowerCased));
    return found && { operation: found.operation, path: valuesOf(found.segments, asked) };
  };
}

function matches(segments: readonly string[], lowerCased: readonly string[]): boolean {
  return segments.every((segment, index) =>
    isParameter(segment) ? lowerCased[index] !== '' : segment === lowerCased[index],
  );
}

function valuesOf(segments: readonly string[], asked: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (isParameter(segment)) values[segment.slice(1, -1)] = asked[index] as string;
  }
  return values;
}

const isParameter = (segment: string) => segment.startsWith('{');

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
  return path
    .split('/')
    .filter(Boolean)
    .flatMap((encoded) => {
      const segment = decoded(encoded);
      const withKey = segment.match(/^([A-Za-z]+)\((?:(appId)=)?'(.*)'\)$/);
      if (withKey) {
        const [, name = '', byAppId, key = ''] = withKey;
        return [byAppId ? `${name}(appId=)` : name, key.replaceAll("''", "'")];
      }
      return [segment.replace(/\(\)$/, '').replace(/^graph\./, 'microsoft.graph.')];
    });
}
