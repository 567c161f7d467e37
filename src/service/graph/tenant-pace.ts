import type { TenantId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import { createMailboxCap, type MailboxCap } from './mailbox-cap.ts';
import { createPacer, type LearntRate, type Pacer, type PacerOptions } from './pacer.ts';

/** What everything that asks one tenant shares. */
export interface TenantPace {
  readonly pacer: Pacer;
  readonly mailboxes: MailboxCap;
}

/** The pace of every tenant. A tenant's limit outlives a run and a process: the next one starts where it was good last. */
export interface TenantPaces {
  /** With the ceiling as it is now: whoever begins to work asks anew. */
  of(tenantId: TenantId): Promise<TenantPace>;
  /** Keeps what was learnt, and follows a ceiling that was changed meanwhile. */
  remember(tenantId: TenantId): Promise<void>;
}

/** Where learnt rates are kept. */
export interface RateMemory {
  find(tenantId: TenantId): Promise<{ readonly rate: LearntRate; readonly learntAt: Date } | undefined>;
  save(tenantId: TenantId, rate: LearntRate, learntAt: Date): Promise<void>;
  /** What an admin allows at most, in requests per second; undefined for nothing less than the operator. */
  ceilingOf(tenantId: TenantId): Promise<number | undefined>;
}

/** An older rate is looked for anew: Microsoft may have changed it, and a wrong one costs more than a search. */
const longestMemoryMs = 7 * 24 * 3600_000;

export function createTenantPaces(memory: RateMemory, clock: Clock, options: PacerOptions = {}): TenantPaces {
  const paces = new Map<TenantId, Promise<TenantPace>>();

  async function open(tenantId: TenantId): Promise<TenantPace> {
    const known = await memory.find(tenantId);
    const isFresh = known && clock.now().getTime() - known.learntAt.getTime() < longestMemoryMs;
    return {
      pacer: createPacer({ ...options, ...(isFresh ? { learnt: known.rate } : {}) }),
      mailboxes: createMailboxCap(),
    };
  }

  return {
    async of(tenantId) {
      const opened = paces.get(tenantId) ?? open(tenantId);
      paces.set(tenantId, opened);
      // A failure to read is tried again by the next run.
      opened.catch(() => paces.delete(tenantId));
      const pace = await opened;
      pace.pacer.limitTo(await memory.ceilingOf(tenantId));
      return pace;
    },
    async remember(tenantId) {
      const pacer = (await paces.get(tenantId))?.pacer;
      if (!pacer) return;
      const { learnt } = pacer;
      if (learnt) await memory.save(tenantId, learnt, clock.now());
      pacer.limitTo(await memory.ceilingOf(tenantId));
    },
  };
}
