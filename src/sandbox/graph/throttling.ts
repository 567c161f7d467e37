import type { ThrottleSettings } from '../settings.ts';
import { seededRandom } from '../tenant/random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import { GraphError } from './graph-error.ts';

interface Window {
  readonly startedAt: number;
  used: number;
}

/** What one application asked one tenant for. */
interface Usage {
  bucket: { readonly level: number; readonly filledAt: number } | undefined;
  directory: Window | undefined;
  /** By user id. */
  readonly mailboxes: Map<string, MailboxUsage>;
}

interface MailboxUsage {
  window: Window;
  running: number;
}

const mailboxWindowMs = 600_000;
const directoryWindowMs = 10_000;

/**
 * What an application may still ask for.
 * @see Microsoft Learn, Microsoft Graph service-specific throttling limits
 */
export class Throttling {
  readonly #world: World;
  /** By tenant id and client id. */
  readonly #usages = new Map<string, Map<string, Usage>>();
  readonly #random = seededRandom('throttling');

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * The bucket that tests set. What is asked for while throttled counts too, so that only who waits as long as
   * `Retry-After` says is sure to be answered.
   * @throws {GraphError} 429 when it is empty
   * @see Microsoft Learn, Microsoft Graph throttling guidance: usage keeps being logged while a client is throttled
   */
  takeFromTenant(tenant: Tenant, appId: string): void {
    const { throttle } = this.#world.settings;
    if (!throttle) return;
    const usage = this.#usage(tenant, appId);
    const now = this.#now();
    const level = levelOf(usage, throttle, now);
    const lowest = Math.min(0, 1 - throttle.requestsPerSecond * throttle.retryAfterSeconds);
    usage.bucket = { level: Math.max(level - 1, lowest), filledAt: now };
    if (level < 1) throw this.#tooMany(throttle);
  }

  /** Whether a batch is looked into at all. @throws {GraphError} 429 for the whole of it */
  enterBatch(tenant: Tenant, appId: string): void {
    const { throttle } = this.#world.settings;
    if (!throttle?.wholeBatchShare) return;
    if (levelOf(this.#usage(tenant, appId), throttle, this.#now()) >= 1) return;
    if (this.#random.next() >= throttle.wholeBatchShare) return;
    this.takeFromTenant(tenant, appId);
    throw this.#tooMany(throttle);
  }

  /**
   * One more request of an application to a mailbox runs: so many may in ten minutes, and so many at once.
   * @returns what ends it
   * @throws {GraphError} 429
   */
  enterMailbox(tenant: Tenant, appId: string, userId: string): () => void {
    const { mailboxRequestsPerTenMinutes, mailboxConcurrency } = this.#world.settings;
    const now = this.#now();
    const mailbox = mailboxOf(this.#usage(tenant, appId), userId, now);
    mailbox.window.used += 1;
    if (mailbox.window.used > mailboxRequestsPerTenMinutes) {
      throw new GraphError(429, 'ApplicationThrottled', 'Application is over its RequestCount limit.', {
        'retry-after': untilEnd(mailbox.window, mailboxWindowMs, now),
      });
    }
    if (mailbox.running >= mailboxConcurrency) {
      throw new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', {
        'retry-after': '1',
      });
    }
    mailbox.running += 1;
    return () => {
      mailbox.running -= 1;
    };
  }

  /**
   * Resource units of the directory.
   * @returns headers for the answer
   * @throws {GraphError} 429 when the units of these ten seconds are used up
   */
  takeUnits(tenant: Tenant, appId: string, units: number): Record<string, string> {
    const limit = this.#world.settings.directoryUnitsPerTenSeconds;
    const now = this.#now();
    const usage = this.#usage(tenant, appId);
    const window = current(usage.directory, directoryWindowMs, now);
    usage.directory = window;
    window.used += units;
    const share = window.used / limit;
    if (share > 1) {
      throw new GraphError(429, 'TooManyRequests', 'Please retry again later.', {
        'retry-after': untilEnd(window, directoryWindowMs, now),
        'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${appId}/${tenant.id}`,
        'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
      });
    }
    return {
      'x-ms-resource-unit': String(units),
      ...(share >= 0.8 && { 'x-ms-throttle-limit-percentage': share.toFixed(1) }),
    };
  }

  #tooMany({ retryAfterForm, retryAfterSeconds }: ThrottleSettings): GraphError {
    const retryAfter =
      retryAfterForm === 'date'
        ? new Date(this.#now() + retryAfterSeconds * 1000).toUTCString()
        : String(retryAfterSeconds);
    return new GraphError(429, 'TooManyRequests', 'Please retry again later.', { 'retry-after': retryAfter });
  }

  #usage(tenant: Tenant, appId: string): Usage {
    const ofTenant = heldOrMade(this.#usages, tenant.id, () => new Map<string, Usage>());
    return heldOrMade(ofTenant, appId, () => ({ bucket: undefined, directory: undefined, mailboxes: new Map() }));
  }

  #now(): number {
    return this.#world.clock.now().getTime();
  }
}

function levelOf({ bucket }: Usage, throttle: ThrottleSettings, now: number): number {
  if (!bucket) return throttle.burst;
  const filled = bucket.level + ((now - bucket.filledAt) / 1000) * throttle.requestsPerSecond;
  return Math.min(throttle.burst, filled);
}

function mailboxOf({ mailboxes }: Usage, userId: string, now: number): MailboxUsage {
  const mailbox = heldOrMade(mailboxes, userId, () => ({ window: { startedAt: now, used: 0 }, running: 0 }));
  mailbox.window = current(mailbox.window, mailboxWindowMs, now);
  return mailbox;
}

/** The window that is running, or the next one. */
function current(window: Window | undefined, lengthMs: number, now: number): Window {
  return window && now - window.startedAt < lengthMs ? window : { startedAt: now, used: 0 };
}

function untilEnd(window: Window, lengthMs: number, now: number): string {
  return String(Math.max(1, Math.ceil((window.startedAt + lengthMs - now) / 1000)));
}

function heldOrMade<T>(map: Map<string, T>, key: string, make: () => T): T {
  const held = map.get(key);
  if (held) return held;
  const made = make();
  map.set(key, made);
  return made;
}
