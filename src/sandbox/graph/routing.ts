import { badRequest } from './graph-error.ts';
import type { Operation } from './operation.ts';

interface Route {
  readonly operation: Operation;
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
  const routes: Route[] = operations.map((operation) => ({ operation, segments: segmentsOf(operation.path) }));
  // A name goes before a parameter: `/users/delta` is not the user called delta.
  const parameters = (route: Route) => route.segments.filter(isParameter).length;
  routes.sort((one, other) => parameters(one) - parameters(other));

  return (method: string, path: string): Match | undefined => {
    const asked = segmentsOf(path);
    for (const { operation, segments } of routes) {
      if (operation.method !== method || segments.length !== asked.length) continue;
      const values = match(segments, asked);
      if (values) return { operation, path: values };
    }
    return undefined;
  };
}

function match(segments: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const given = asked[index] as string;
    if (isParameter(segment)) {
      if (!given) return undefined;
      values[segment.slice(1, -1)] = given;
    } else if (segment.toLowerCase() !== given.toLowerCase()) return undefined;
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
