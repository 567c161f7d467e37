import { z } from 'zod';
import type { BoundedAnswer } from '../outbound/bounded-fetch.ts';
import type { ExchangeRefusal } from './executor.ts';

/** A cmdlet ran and failed. */
export class CmdletFailed extends Error {
  /** Such as `ManagementObjectNotFoundException`, without its namespace. */
  readonly exception: string | undefined;

  constructor(message: string, exception?: string) {
    super(message);
    this.exception = exception;
  }

  /** Exchange answers an unknown identity, or one that several objects have, with an error. */
  get isAboutIdentity(): boolean {
    return (
      this.exception === 'ManagementObjectNotFoundException' || this.exception === 'ManagementObjectAmbiguousException'
    );
  }
}

/** The gateway did not let the cmdlet run, or its answer cannot be used. */
export class GatewayRefused extends Error {
  readonly refusal: ExchangeRefusal;

  constructor(refusal: ExchangeRefusal) {
    super(refusal.detail || refusal.problem);
    this.refusal = refusal;
  }
}

const envelope = z.object({
  error: z.object({
    message: z.string().optional(),
    details: z.array(z.object({ message: z.string().optional() })).optional(),
    innererror: z.object({ internalexception: z.object({ message: z.string().optional() }).optional() }).optional(),
  }),
});

/** Reads an answer that is not 2xx; the only place that reads Exchange's texts. */
export function readGatewayError(answer: BoundedAnswer): CmdletFailed | GatewayRefused {
  const { status, headers } = answer;
  const said = readMessage(answer.text);
  const diagnostics = /reason="([^"]*)"/.exec(headers['x-ms-diagnostics'] ?? '')?.[1] ?? '';
  const detail = said?.message ?? shorten(diagnostics);
  if (status === 401) return new GatewayRefused({ problem: 'token_refused', detail });
  if (status === 403) return new GatewayRefused({ problem: 'role_missing', detail });
  if (status === 429) return new GatewayRefused({ problem: 'throttled', detail });
  if (status === 408 || status >= 500) {
    return new GatewayRefused({ problem: 'unreachable', detail: `Exchange answered ${status}. ${detail}`.trim() });
  }
  // Exchange shows nobody the cmdlets that their role does not have.
  if (said?.exception === 'CommandNotFoundException') return new GatewayRefused({ problem: 'role_missing', detail });
  if (said && (status === 400 || status === 404)) return new CmdletFailed(said.message, said.exception);
  return new GatewayRefused({ problem: 'unexpected', detail: `Exchange answered ${status}.` });
}

/** The most precise text first; `|Type|` or `Id|Type|` in front of it names the exception. */
function readMessage(text: string): { message: string; exception: string | undefined } | undefined {
  const parsed = envelope.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { details, innererror, message } = parsed.data.error;
  const first = details?.find((detail) => detail.message)?.message;
  const found = first ?? innererror?.internalexception?.message ?? message ?? '';
  const [, type, rest] = /^[A-Za-z0-9]*\|([\w.+]+)\|([\s\S]*)$/.exec(found) ?? [];
  return { message: shorten(rest ?? found), exception: type?.split('.').at(-1) };
}

function shorten(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 1000);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
