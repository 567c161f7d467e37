import { type ErrorCode, errorCatalogue } from '../contract/errors.ts';

interface AppErrorOptions {
  /** Which fields, which limit, for the reader of the answer: never tokens, never mail. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An error of the catalogue: what a request answers with. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, { details, retryAfterSeconds, cause }: AppErrorOptions = {}) {
    super(`${code}: ${errorCatalogue[code].title}`, { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
