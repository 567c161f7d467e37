import type { ErrorCode, Problem } from '../../contract/errors.ts';

/** The service answered that something is wrong, in the words of the error catalogue. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.title}`);
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.remedy = problem.remedy;
    this.details = problem.details ?? {};
    this.requestId = problem.requestId;
  }
}

/** The service could not be reached, or something else answered in its place. */
export class ServiceUnreachable extends Error {
  override readonly name = 'ServiceUnreachable';
}

/** The service answered what this page does not understand: most likely one of the two is newer. */
export class AnswerNotUnderstood extends Error {
  override readonly name = 'AnswerNotUnderstood';
  readonly requestId: string | undefined;
  constructor(message: string, requestId: string | undefined, options?: ErrorOptions) {
    super(message, options);
    this.requestId = requestId;
  }
}
