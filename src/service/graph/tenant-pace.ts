import type { TenantId } from '../../domain/ids.ts';
import type { RegistrationName } from '../../domain/registration.ts';
import type { Clock } from '../clock.ts';
import { createMailboxCap, type MailboxCap } from './mailbox-cap.ts';
import { createPacer, type LearntRate, type Pacer, type PacerOptions } from './pacer.ts';

/** What everything shares that asks one tenant as one application. */
export interface TenantPace {
  readonly pacer: Pacer;
  readonly mailboxes: MailboxCap;
}

/**
 * The pace of every application in every tenant: Microsoft limits an application in a tenant. The limit outlives a run and a
 * process: the next one starts where it was good last.
 */
export interface TenantPaces {
  /** With the ceiling as it is now: whoever begins to work asks anew. */
  of(tenantId: TenantId, registration: RegistrationName): Promise<TenantPace>;
  /** Keeps what was learnt, and follows a ceiling that was changed meanwhile. */
  remember(tenantId: TenantId, registration: RegistrationName): Promise<void>;
}

/** Where learnt rates are kept. */
export interface RateMemory {
  find(
    tenantId: TenantId,
    registration: RegistrationName,
  ): Promise<{ readonly rate: LearntRate; readonly learntAt: Date } | undefined>;
  save(tenantId: TenantId, registration: RegistrationName, rate: LearntRate, learntAt: Date): Promise<void>;
  /** What an admin allows at most, in requests per second; undefined for nothing less than the operator. */
  ceilingOf(tenantId: TenantId): Promise<number | undefined>;
}

/** An older rate is looked for anew: Microsoft may have changed it, and a wrong one costs more than a search. */
const longestMemoryMs = 7 * 24 * 3600_000;

export function createTenantPaces(memory: RateMemory, clock: Clock, options: PacerOptions = {}): TenantPaces {
  const paces = new Map<string, Promise<TenantPace>>();
  const keyOf = (tenantId: TenantId, registration: RegistrationName) => `${tenantId} ${registration}`;

  async function open(tenantId: TenantId, registration: RegistrationName): Promise<TenantPace> {
    const known = await memory.find(tenantId, registration);
    const isFresh = known && clock.now().getTime() - known.learntAt.getTime() < longestMemoryMs;
    return {
      pacer: createPacer({ ...options, ...(isFresh ? { learnt: known.rate } : {}) }),
      mailboxes: createMailboxCap(),
    };
  }

  return {
    async of(tenantId, registration) {
      const key = keyOf(tenantId, registration);
      const opened = paces.get(key) ?? open(tenantId, registration);
      paces.set(key, opened);
      // A failure to read is tried again by the next run.
      opened.catch(() => paces.delete(key));
      const pace = await opened;
      pace.pacer.limitTo(await memory.ceilingOf(tenantId));
      return pace;
    },
    async remember(tenantId, registration) {
      const pacer = (await paces.get(keyOf(tenantId, registration)))?.pacer;
      if (!pacer) return;
      const { learnt } = pacer;
      if (learnt) await memory.save(tenantId, registration, learnt, clock.now());
      pacer.limitTo(await memory.ceilingOf(tenantId));
    },
  };
}
