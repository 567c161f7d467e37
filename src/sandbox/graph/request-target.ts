import { remembering } from '../remembering.ts';
import { loggableQuery } from '../request-log.ts';

/** The query of a URL. */
export interface Query {
  /** Decoded, in the order of the URL. */
  readonly options: readonly (readonly [name: string, value: string])[];
  /** As it may be kept. */
  readonly loggable: Readonly<Record<string, string>>;
}

/** What a request asks for. */
export interface RequestTarget {
  /** As a URL writes it: dots resolved, percent-encoded. */
  readonly path: string;
  readonly query: Query;
}

const anyOrigin = 'https://graph.microsoft.com';

/** A path that is the same in a URL: nothing to encode, no dots to resolve. */
const writtenAsInUrl = /^(?:\/(?!\.{1,2}(?:\/|$))[\w\-.~!$&'()*+,;=:@]*)+$/;

/** @param target path and query, as a request line has them */
export function readTarget(target: string): RequestTarget {
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  if (writtenAsInUrl.test(path)) return { path, query: readQuery(queryAt < 0 ? '' : target.slice(queryAt)) };
  const { pathname, search } = new URL(target, anyOrigin);
  return { path: pathname, query: readQuery(search) };
}

/** Every item of every batch asks for the same few properties. */
const readQuery = remembering((search): Query => {
  const { searchParams } = new URL(search, anyOrigin);
  return { options: [...searchParams], loggable: loggableQuery(searchParams) };
});
