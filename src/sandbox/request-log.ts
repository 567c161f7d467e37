/** A request that the sandbox answered. Tokens, secrets and bodies are never kept. */
export interface LoggedRequest {
  readonly service: 'entra' | 'graph' | 'teams' | 'other';
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly status: number;
  /** Client id of the application in the token; absent without a valid token. */
  readonly appId?: string;
  /** Object id of the user in a delegated token. */
  readonly userId?: string;
  /** Came inside a JSON batch. */
  readonly inBatch: boolean;
  readonly at: Date;
}

/** What was asked, oldest first. Keeps the last 100,000 requests. */
export class RequestLog {
  readonly all: LoggedRequest[] = [];
  /** Of all requests to Microsoft Graph since the start, batches themselves not among them. */
  readonly counts = { requests: 0, throttled: 0 };
  /** What the sandbox does not know: tests assert that it is empty. */
  readonly unknown: string[] = [];

  add(request: LoggedRequest): void {
    if (request.service === 'graph' && !request.path.endsWith('/$batch')) {
      this.counts.requests += 1;
      if (request.status === 429) this.counts.throttled += 1;
    }
    this.all.push(request);
    if (this.all.length > 100_000) this.all.splice(0, 10_000);
  }

  /** Requests whose path matches. */
  to(path: string | RegExp): LoggedRequest[] {
    return this.all.filter((request) => (typeof path === 'string' ? request.path === path : path.test(request.path)));
  }

  clear(): void {
    this.all.length = 0;
    this.unknown.length = 0;
  }
}

/** Query parameters that carry secrets or what a test could take for one. */
const secretParameters = new Set(['code', 'client_secret', 'client_assertion', 'id_token_hint', 'access_token']);

/** A query as it may be kept. */
export function loggableQuery(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...parameters].map(([name, value]) => [name, secretParameters.has(name.toLowerCase()) ? '(not kept)' : value]),
  );
}
