import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

const jwtShape = /eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g;
const pemShape = /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g;
const stateShape = /([?&](?:state|code|client_secret|client_assertion|access_token)=)[^&\s"]+/gi;
const longestText = 4_000;

/** Takes what looks like a token, a key or a state out of a text, and cuts it to a length that a log can carry. */
export function redactText(text: string): string {
  const cut = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return cut.replace(jwtShape, '[token]').replace(pemShape, '[key]').replace(stateShape, '$1[redacted]');
}

const secretKeys =
  /^(authorization|cookie|.*token|.*secret.*|.*password.*|privatekey|private_key|.*assertion|state|code)$/i;

function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (depth > 6) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((one) => redact(one, depth + 1));
  if (value instanceof Error) return describeError(value, depth);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      secretKeys.test(key) && typeof one === 'string' ? '[redacted]' : redact(one, depth + 1),
    ]),
  );
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause } = error as Error & { code?: unknown };
  return {
    type: error.name,
    message: redactText(error.message),
    ...(code ? { errorCode: code } : {}),
    stack: redactText(error.stack ?? ''),
    ...(cause && depth < 4 ? { cause: redact(cause, depth + 1) } : {}),
  };
}

/** JSON lines on stdout. Secrets are taken out by the name of their field and by their shape. */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redact(fields) as Record<string, unknown>,
    },
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(this: Logger, args: unknown[], method: (...args: unknown[]) => void) {
        method.apply(
          this,
          args.map((one) => (typeof one === 'string' ? redactText(one) : one)),
        );
      },
    },
  };
  return destination ? pino(options as never, destination as never) : pino(options as never);
}
