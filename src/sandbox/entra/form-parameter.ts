import { EntraError } from './entra-error.ts';

/** @throws {EntraError} 900144 when the form lacks it or has it empty */
export function parameter(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw missingParameter(name);
  return value;
}

export const missingParameter = (name: string) =>
  new EntraError(900144, 'invalid_request', `The request body must contain the following parameter: '${name}'.`);
