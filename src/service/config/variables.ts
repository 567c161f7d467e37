import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

export const guid = z.guid().toLowerCase();

/** An origin: scheme, host and port, nothing behind. */
export function origin(schemes: readonly string[]) {
  return z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isPlain = url && url.pathname === '/' && !url.search && !url.hash && !url.username;
    if (url && isPlain && schemes.includes(url.protocol)) return url.origin;
    context.addIssue('not an origin');
    return z.NEVER;
  });
}

export const httpsOrigin = origin(['https:']);

export type Variables = ReturnType<typeof variablesOf>;

/** Reads variables one by one and adds one sentence to `faults` for each that is not as it must be. */
export function variablesOf(env: Environment, faults: string[]) {
  const text = (name: string) => env[name]?.trim() || undefined;

  function parse<T>(name: string, value: string, schema: z.ZodType<T>, wanted: string): T | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    faults.push(`${name} is not valid: it must be ${wanted}.`);
    return undefined;
  }

  return {
    text,
    optional<T>(name: string, schema: z.ZodType<T>, wanted: string): T | undefined {
      const value = text(name);
      return value === undefined ? undefined : parse(name, value, schema, wanted);
    },
    required<T>(name: string, schema: z.ZodType<T>, wanted: string): T | undefined {
      const value = text(name);
      if (value !== undefined) return parse(name, value, schema, wanted);
      faults.push(`${name} is missing: set it to ${wanted}.`);
      return undefined;
    },
    /** Undefined when a member is not valid. */
    list<T>(name: string, member: z.ZodType<T>, wanted: string): T[] | undefined {
      const members = (text(name) ?? '').split(',').map((one) => one.trim());
      return parse(name, JSON.stringify(members.filter(Boolean)), listOf(member), wanted);
    },
    file(name: string, path: string): string | undefined {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
        faults.push(`${name}: the file ${path} cannot be read (${code}): check the path and its permissions.`);
        return undefined;
      }
    },
  };
}

function listOf<T>(member: z.ZodType<T>) {
  return z
    .string()
    .transform((json) => JSON.parse(json) as unknown)
    .pipe(z.array(member));
}
