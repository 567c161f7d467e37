import { randomUUID } from 'node:crypto';

/** An error of the Microsoft identity platform. `code` is the number after `AADSTS`. */
export class EntraError extends Error {
  readonly code: number;
  readonly error: string;
  readonly status: number;
  readonly suberror: string | undefined;

  /** @param text without `AADSTS…:` and without the ids that Entra adds */
  constructor(code: number, error: string, text: string, options: { status?: number; suberror?: string } = {}) {
    super(text);
    this.code = code;
    this.error = error;
    this.status = options.status ?? (error === 'invalid_client' ? 401 : 400);
    this.suberror = options.suberror;
  }
}

/** The body of an error of the token endpoint. @see Microsoft Learn, Microsoft Entra authentication error codes */
export function errorBody(error: EntraError, now: Date, correlationId: string = randomUUID()) {
  const traceId = randomUUID();
  const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error: error.error,
    error_description: `AADSTS${error.code}: ${error.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
    ...(error.suberror && { suberror: error.suberror }),
  };
}
