import type { UserId } from '../../domain/ids.ts';
import type { ProbedCapability } from '../../domain/mailbox-access/capability.ts';

/** A read-only request that shows whether the application can open a capability of a mailbox. */
export interface Probe {
  readonly capability: ProbedCapability;
  /** Path under the version; always with `$select`, never subjects, bodies or addresses. */
  path(mailbox: UserId): string;
  /** Whether a 2xx body has the shape of what was asked for: anything else proves nothing. */
  isExpected(body: unknown): boolean;
}

/**
 * Whether an answer speaks of another mailbox than the one asked for. Graph names the mailbox in `@odata.context`, by id
 * or by address; only an id can be compared.
 */
export function isAboutAnother(body: unknown, mailbox: UserId): boolean {
  const context = (body as Record<string, unknown>)['@odata.context'];
  const named = typeof context === 'string' ? /users\('([^']+)'\)/i.exec(context)?.[1] : undefined;
  if (named === undefined || named === mailbox) return false;
  const id = decodeURIComponentSafely(named).toLowerCase();
  return /^[0-9a-f-]{36}$/.test(id) && id !== mailbox;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
