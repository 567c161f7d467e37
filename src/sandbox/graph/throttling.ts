import type { ThrottleSettings } from '../settings.ts';
import { seededRandom } from '../tenant/random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import { GraphError } from './graph-error.ts';

interface Window {
  readonly startedAt: number;
  used: number;
}

/**
 * What an application may still ask for.
 * @see Microsoft Learn, Microsoft Graph service-specific throttling limits
 */
export class Throttling {
  readonly #world: World;
  readonly #buckets = new Map<string, { level: number; filledAt: number }>();
  readonly #windows = new Map<string, Window>();
  readonly #running = new Map<string, number>();
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
    const level = this.#levelOf(tenant, appId, throttle);
    const lowest = Math.min(0, 1 - throttle.requestsPerSecond * throttle.retryAfterSeconds);
    this.#buckets.set(`${tenant.id}/${appId}`, { level: Math.max(level - 1, lowest), filledAt: this.#now() });
    if (level < 1) throw this.#tooMany(throttle);
  }

  /** Whether a batch is looked into at all. @throws {GraphError} 429 for the whole of it */
  enterBatch(tenant: Tenant, appId: string): void {
    const { throttle } = this.#world.settings;
    if (!throttle?.wholeBatchShare || this.#levelOf(tenant, appId, throttle) >= 1) return;
    if (this.#random.next() >= throttle.wholeBatchShare) return;
    this.takeFromTenant(tenant, appId);
    throw this.#tooMany(throttle);
  }

  /** Requests of one application to one mailbox in ten minutes. @throws {GraphError} 429 */
  takeFromMailbox(tenant: Tenant, appId: string, userId: string): void {
    const window = this.#window(`mailbox/${tenant.id}/${appId}/${userId}`, 600_000);
    window.used += 1;
    if (window.used <= this.#world.settings.mailboxRequestsPerTenMinutes) return;
    throw new GraphError(429, 'ApplicationThrottled', 'Application is over its RequestCount limit.', {
      'retry-after': this.#untilEnd(window, 600_000),
    });
  }

  /**
   * One more request of an application to a mailbox runs.
   * @returns what ends it
   * @throws {GraphError} 429 when too many run already
   */
  enterMailbox(tenant: Tenant, appId: string, userId: string): () => void {
    const key = `${tenant.id}/${appId}/${userId}`;
    const running = this.#running.get(key) ?? 0;
    if (running >= this.#world.settings.mailboxConcurrency) {
      throw new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', {
        'retry-after': '1',
      });
    }
    this.#running.set(key, running + 1);
    return () => {
      const left = (this.#running.get(key) ?? 1) - 1;
      if (left > 0) this.#running.set(key, left);
      else this.#running.delete(key);
    };
  }

  /**
   * Resource units of the directory.
   * @returns headers for the answer
   * @throws {GraphError} 429 when the units of these ten seconds are used up
   */
  takeUnits(tenant: Tenant, appId: string, units: number): Record<string, string> {
    const limit = this.#world.settings.directoryUnitsPerTenSeconds;
    const window = this.#window(`directory/${tenant.id}/${appId}`, 10_000);
    window.used += units;
    const share = window.used / limit;
    if (share > 1) {
      throw new GraphError(429, 'TooManyRequests', 'Please retry again later.', {
        'retry-after': this.#untilEnd(window, 10_000),
        'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${appId}/${tenant.id}`,
        'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
      });
    }
    return {
      'x-ms-resource-unit': String(units),
      ...(share >= 0.8 && { 'x-ms-throttle-limit-percentage': share.toFixed(1) }),
    };
  }

  #levelOf(tenant: Tenant, appId: string, throttle: ThrottleSettings): number {
    const now = this.#now();
    const bucket = this.#buckets.get(`${tenant.id}/${appId}`) ?? { level: throttle.burst, filledAt: now };
    const filled = bucket.level + ((now - bucket.filledAt) / 1000) * throttle.requestsPerSecond;
    return Math.min(throttle.burst, filled);
  }

  #tooMany({ retryAfterForm, retryAfterSeconds }: ThrottleSettings): GraphError {
    const retryAfter =
      retryAfterForm === 'date'
        ? new Date(this.#now() + retryAfterSeconds * 1000).toUTCString()
        : String(retryAfterSeconds);
    return new GraphError(429, 'TooManyRequests', 'Please retry again later.', { 'retry-after': retryAfter });
  }

  #window(key: string, lengthMs: number): Window {
    const now = this.#now();
    const running = this.#windows.get(key);
    if (running && now - running.startedAt < lengthMs) return running;
    const window = { startedAt: now, used: 0 };
    this.#windows.set(key, window);
    return window;
  }

  #untilEnd(window: Window, lengthMs: number): string {
    return String(Math.max(1, Math.ceil((window.startedAt + lengthMs - this.#now()) / 1000)));
  }

  #now(): number {
    return this.#world.clock.now().getTime();
  }
}
