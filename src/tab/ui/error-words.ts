import { AnswerNotUnderstood, ApiError, ServiceUnreachable } from '../api/api-error.ts';
import type { Texts } from '../texts/en.ts';

export interface ErrorWords {
  readonly title: string;
  readonly remedy: string;
  readonly requestId: string | undefined;
}

/** What any failure of a call says to the admin. */
export function wordsOfError(error: unknown, { errors }: Texts): ErrorWords {
  if (error instanceof ApiError) return error;
  if (error instanceof ServiceUnreachable) {
    return { title: errors.unreachable, remedy: errors.unreachableRemedy, requestId: undefined };
  }
  if (error instanceof AnswerNotUnderstood) {
    return { title: errors.notUnderstood, remedy: errors.notUnderstoodRemedy, requestId: error.requestId };
  }
  return { title: errors.unexpected, remedy: errors.unexpectedRemedy, requestId: undefined };
}
