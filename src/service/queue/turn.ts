import type { Clock } from '../clock.ts';
import type { JobRun } from './job.ts';

/** How long a job may work while others wait for its slot. */
const turnSeconds = 30;
const lookEveryMs = 1_000;

/** A job's time in its slot: without an end while nobody waits. */
export interface Turn {
  /** Once over, it stays so. */
  isOver(): Promise<boolean>;
}

/** Begins a turn now: one large run must not keep the others from starting. */
export function createTurn({ clock, othersWait }: { readonly clock: Clock } & Pick<JobRun, 'othersWait'>): Turn {
  let lookAtMs = clock.monotonicMs() + turnSeconds * 1000;
  let hasEnded = false;
  return {
    async isOver() {
      const nowMs = clock.monotonicMs();
      if (hasEnded || nowMs < lookAtMs) return hasEnded;
      lookAtMs = nowMs + lookEveryMs;
      hasEnded = await othersWait();
      return hasEnded;
    },
  };
}
