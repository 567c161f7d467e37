import type { Settings } from '../../settings.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Exchange } from '../exchange.ts';

export interface CmdletContext {
  readonly tenant: Tenant;
  readonly exchange: Exchange;
  readonly settings: Settings;
  readonly now: Date;
}

export type Parameters = Readonly<Record<string, unknown>>;

/** One cmdlet: the parameters it knows, and what it puts out. */
export interface Cmdlet {
  readonly parameters: readonly string[];
  run(parameters: Parameters, context: CmdletContext): readonly object[];
}

/** A cmdlet's own failure; the gateway answers it with 400. */
export class CmdletError extends Error {
  readonly exception: string;

  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}

/** A parameter that must be there. */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  const text = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof text === 'string' && text !== '') return text;
  throw new CmdletError('ParameterBindingException', `Cannot process command because of a missing parameter: ${name}.`);
}

export function optional(parameters: Parameters, name: string): string | undefined {
  return parameters[name] === undefined ? undefined : required(parameters, name);
}

export function notFound(what: string): CmdletError {
  return new CmdletError(
    'ManagementObjectNotFoundException',
    `The operation couldn't be performed because object '${what}' couldn't be found.`,
  );
}
