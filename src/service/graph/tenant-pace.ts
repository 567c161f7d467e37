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
  of(tenantId: TenantId): Promise<TenantPace>;
  /** Keeps what was learnt. */
  remember(tenantId: TenantId): Promise<void>;
}

/** Where learnt rates are kept. */
export interface RateMemory {
  find(tenantId: TenantId): Promise<{ readonly rate: LearntRate; readonly learntAt: Date } | undefined>;
  save(tenantId: TenantId, rate: LearntRate, learntAt: Date): Promise<void>;
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
    of(tenantId) {
      const known = paces.get(tenantId);
      if (known) return known;
      const opened = open(tenantId);
      paces.set(tenantId, opened);
      // A failure to read is tried again by the next run.
      opened.catch(() => paces.delete(tenantId));
      return opened;
    },
    async remember(tenantId) {
      const { learnt } = (await paces.get(tenantId))?.pacer ?? {};
      if (learnt) await memory.save(tenantId, learnt, clock.now());
    },
  };
}
