import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

type Schema = z.ZodType;

/** One call between tab and service. Both sides import it: the service to route and check, the tab to call. */
export interface Endpoint<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Response extends Schema = Schema,
> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute, with `:name` for each of `params`. */
  readonly path: `/api/${string}`;
  /** One sentence for the API description. */
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Takes a file of this type instead of JSON, as a stream; without `body`. */
  readonly upload?: 'text/csv';
  /** Most bytes of a body; 1 MiB unless said otherwise. */
  readonly bodyLimitBytes?: number;
  /** Absent: 204 without a body. */
  readonly response?: Response;
  /** Answers a file of this type instead of JSON, streamed; without `response`. */
  readonly download?: 'text/csv' | 'application/json' | 'text/html';
  /** Answers server-sent events until there is nothing more to tell, each with a `response` as its data. */
  readonly streams?: true;
  /** 200 unless said otherwise. */
  readonly status?: 200 | 201 | 202;
  /** Anonymous endpoints are listed by a test; all others need a token of an admin. */
  readonly access?: 'admin' | 'anonymous';
  /** Codes this endpoint answers beside those that every endpoint can (see `commonErrors`). */
  readonly errors: readonly ErrorCode[];
}

/** Keeps the literal types of an endpoint's schemas. */
export function endpoint<
  Params extends Schema = z.ZodUndefined,
  Query extends Schema = z.ZodUndefined,
  Body extends Schema = z.ZodUndefined,
  Response extends Schema = z.ZodVoid,
>(spec: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> {
  return spec;
}

/** The status of an answer that went well. */
export function successStatus({ response, download, status }: Endpoint): 200 | 201 | 202 | 204 {
  return response || download ? (status ?? 200) : 204;
}

/** What a caller passes: schemas in, `undefined` members left out. */
export type Request<E> =
  E extends Endpoint<infer Params, infer Query, infer Body, Schema>
    ? Member<'params', z.input<Params>> & Member<'query', z.input<Query>> & Member<'body', z.input<Body>>
    : never;

/** What a handler receives after parsing. */
export type ParsedRequest<E> =
  E extends Endpoint<infer Params, infer Query, infer Body, Schema>
    ? { readonly params: z.output<Params>; readonly query: z.output<Query>; readonly body: z.output<Body> }
    : never;

/** What the endpoint answers. */
export type Answer<E> = E extends Endpoint<Schema, Schema, Schema, infer Response> ? z.output<Response> : never;

type Member<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [key in Name]?: undefined }
  : { readonly [key in Name]: Value };
