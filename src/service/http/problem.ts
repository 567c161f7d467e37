import type { Context } from 'hono';
import { type ErrorCode, errorCatalogue, type Problem } from '../../contract/errors.ts';
import { AppError } from '../app-error.ts';
import { DatabaseDeadline } from '../db/pglite-proxy.ts';

/** Answers a request with a problem document (RFC 9457). */
export function problemResponse(context: Context, error: AppError): Response {
  const entry = errorCatalogue[error.code];
  const body: Problem = {
    type: `urn:mailbox-access:error:${error.code}`,
    title: entry.title,
    status: entry.status,
    code: error.code,
    remedy: entry.remedy,
    ...(error.details ? { details: { ...error.details } } : {}),
    requestId: context.get('requestId') ?? '',
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (entry.status === 401) headers['www-authenticate'] = 'Bearer error="invalid_token"';
  const retryAfterSeconds = error.retryAfterSeconds ?? (entry.status === 503 ? 30 : undefined);
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterSeconds));
  return context.newResponse(JSON.stringify(body), { status: entry.status, headers });
}

/** An error nobody planned becomes `internal`; trouble of the database is told apart, because waiting helps there. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code: ErrorCode = isDatabaseTrouble(error) ? 'service.unavailable' : 'internal';
  return new AppError(code, { cause: error });
}

/** PostgreSQL's classes for connections, resources, operators (a timeout too) and lost races; the embedded deadline. */
function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof DatabaseDeadline) return true;
  const { code, name, message } = error as { code?: unknown; name?: string; message?: string };
  if (typeof code === 'string' && /^(08|53|57|40001|40P01|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect/.test(`${name} ${message}`);
}
