/** An error of Microsoft Graph, thrown by whoever finds it and written as Graph's envelope in one place. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    // Nobody reads the stack of what a caller did, and to gather it takes longer than to answer.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Something the sandbox does not know: nobody knows how Microsoft Graph answers it, so nothing is made up. */
export class NotSimulated extends GraphError {
  constructor(what: string) {
    super(501, 'NotSimulated', what);
  }

  /** With the request, for whoever has to add it. */
  in(method: string, path: string): GraphError {
    return new GraphError(
      this.status,
      this.code,
      `The simulated tenant does not know ${method} ${path}: ${this.message}.`,
    );
  }
}

/** The directory misses a permission in the token. */
export const authorizationDenied = () =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

/** Outlook misses a permission in the token, or may not open this mailbox. */
export const accessDenied = () =>
  new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');

export const resourceNotFound = (id: string) =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const itemNotFound = () =>
  new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');

/** A query of the directory that is not valid or needs the advanced query capabilities. */
export const unsupportedQuery = (message: string) => new GraphError(400, 'Request_UnsupportedQuery', message);

export const badRequest = (message: string) => new GraphError(400, 'BadRequest', message);
