import { AppError } from '../app-error.ts';
import type { ExchangeRefusal } from './executor.ts';

/**
 * What an admin can do about a plan that was not begun.
 * @param delegatedScope the permission to ask the admin for; undefined where the application asks as itself
 */
export function errorOfRefusal(
  { problem, detail, retryAfterSeconds, claims }: ExchangeRefusal,
  delegatedScope: string | undefined,
): AppError {
  const isAdmins = problem === 'consent_required' || problem === 'token_refused';
  if (delegatedScope && isAdmins) {
    return new AppError('scope.sign_in_needed', {
      details: { scopes: [delegatedScope], ...(claims ? { claims } : {}) },
    });
  }
  if (problem === 'role_missing' || isAdmins) return new AppError('exchange.role_missing', { details: { detail } });
  return new AppError('exchange.unavailable', {
    details: { problem, detail },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
