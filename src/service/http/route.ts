import type { Answer, Endpoint, ParsedRequest } from '../../contract/endpoint.ts';
import type { Admin } from '../auth/admin.ts';
import type { FileAnswer } from './file-answer.ts';

/** An endpoint of the contract with its handler, ready to be mounted. */
export interface Route {
  readonly endpoint: Endpoint;
  handle(request: {
    params: unknown;
    query: unknown;
    body: unknown;
    admin: Admin | undefined;
    /** Of an endpoint with `streams`: fires when its reader is gone. */
    signal?: AbortSignal;
    /** Of an endpoint with `upload`: the file as it arrives. */
    upload?: AsyncIterable<Uint8Array>;
  }): Promise<unknown>;
}

/** A route for admins. The tenant comes from `admin`, never from the request. */
export function route<E extends Endpoint>(
  endpoint: E,
  handle: (request: ParsedRequest<E> & { readonly admin: Admin }) => Promise<Answer<E>>,
): Route {
  return {
    endpoint,
    handle({ admin, ...request }) {
      if (!admin) throw new Error(`${endpoint.path} was reached without an admin`);
      return handle({ ...(request as ParsedRequest<E>), admin });
    },
  };
}

/** A route for admins that answers a file. */
export function downloadRoute<E extends Endpoint>(
  endpoint: E,
  handle: (request: ParsedRequest<E> & { readonly admin: Admin }) => Promise<FileAnswer>,
): Route {
  if (!endpoint.download) throw new Error(`${endpoint.path} does not answer a file`);
  return route(endpoint, handle as never);
}

/** A route for admins that takes a file. */
export function uploadRoute<E extends Endpoint>(
  endpoint: E,
  handle: (
    request: ParsedRequest<E> & { readonly admin: Admin; readonly upload: AsyncIterable<Uint8Array> },
  ) => Promise<Answer<E>>,
): Route {
  if (!endpoint.upload) throw new Error(`${endpoint.path} does not take a file`);
  return route(endpoint, handle as never);
}

/** A route that answers without a token. */
export function anonymousRoute<E extends Endpoint>(
  endpoint: E & { readonly access?: 'admin' | 'anonymous' },
  handle: (request: ParsedRequest<E>) => Promise<Answer<E>>,
): Route {
  if (endpoint.access !== 'anonymous') throw new Error(`${endpoint.path} is not listed as anonymous`);
  return { endpoint, handle: (request) => handle(request as unknown as ParsedRequest<E>) };
}

/** A route for admins that answers events; `signal` ends them. */
export function streamRoute<E extends Endpoint>(
  endpoint: E,
  handle: (
    request: ParsedRequest<E> & { readonly admin: Admin; readonly signal: AbortSignal },
  ) => Promise<AsyncIterable<Answer<E>>>,
): Route {
  if (!endpoint.streams) throw new Error(`${endpoint.path} does not answer events`);
  return route(endpoint, handle as never);
}
