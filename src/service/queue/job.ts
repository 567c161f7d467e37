import type { z } from 'zod';

/** What the queue tells a running job. */
export interface JobRun {
  /** Fires when the process stops or the job is no longer this process's. */
  readonly signal: AbortSignal;
  /** How often the job was claimed before, by a worker that failed or died; handing back does not count. */
  readonly retryCount: number;
  /** Whether a job of the same name could start in place of this one. */
  othersWait(): Promise<boolean>;
}

/** Work that survives the process: at least once, ids only, abortable. */
export interface Job<Payload, Dependencies> {
  readonly name: string;
  /** Strict: what a newer release says beyond it is not overlooked. */
  readonly payload: z.ZodType<Payload>;
  run(payload: Payload, dependencies: Dependencies & JobRun): Promise<void>;
}

/** A job's payload holds ids only: what they stand for is read again when the job runs. */
export function defineJob<Payload, Dependencies>(job: Job<Payload, Dependencies>): Job<Payload, Dependencies> {
  return job;
}

/** Thrown by a job that stops because its process does; the next process takes it up. */
export class HandedBack extends Error {
  constructor() {
    super('The process stops; the job goes back to the queue');
  }
}

/** Thrown for a payload that this release does not know; a worker of another one takes it. */
export class OtherRelease extends Error {
  constructor(name: string) {
    super(`The payload of a job ${name} is of another release`);
  }
}
