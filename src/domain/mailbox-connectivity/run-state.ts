/** How a run of checks stands. `pausing` and `cancelling` last until its worker has kept what is in flight. */
export const runStates = [
  'queued',
  'running',
  'pausing',
  'paused',
  'cancelling',
  'completed',
  'cancelled',
  'failed',
] as const;
export type RunState = (typeof runStates)[number];

/** States from which a run still goes on; all others are its last. */
export const openRunStates = [
  'queued',
  'running',
  'pausing',
  'paused',
  'cancelling',
] as const satisfies readonly RunState[];

/** Why a run waits for an admin. */
export const pauseReasons = ['admin', 'consent_changed'] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** Why a worker stopped working on a run. */
export type StopReason =
  /** Every mailbox has a result. */
  | 'all_done'
  /** It saw that an admin wants a pause or an end, or its turn was over while others waited. */
  | 'asked'
  /** Microsoft let the application in before, and does not any more. */
  | 'consent_changed'
  /** A fault of ours, again and again. */
  | 'failed';

export type RunEvent =
  | { readonly type: 'pause' | 'resume' | 'cancel' }
  /** A worker takes it, for the first time or after another one died. */
  | { readonly type: 'claim' }
  | { readonly type: 'stopped'; readonly because: StopReason };

export type RunStep =
  | { readonly ok: true; readonly state: RunState; readonly pausedBecause: PauseReason | undefined }
  | { readonly ok: false; readonly refusal: 'ended' | 'ending' | 'not_running' };

/**
 * The next state of a run, or why there is none. Asking twice for the same is no fault. What an admin asked for while
 * the worker was about to stop wins over why it stopped, except that a run with nothing left to do is done. Never throws.
 */
export function nextRunState(state: RunState, event: RunEvent): RunStep {
  if (!isOpen(state)) return { ok: false, refusal: 'ended' };
  switch (event.type) {
    case 'pause':
      if (state === 'cancelling') return { ok: false, refusal: 'ending' };
      if (state === 'paused') return to('paused');
      // Nobody works on a queued one: it is paused at once.
      return state === 'queued' ? to('paused', 'admin') : to('pausing');
    case 'resume':
      if (state === 'cancelling') return { ok: false, refusal: 'ending' };
      if (state === 'paused') return to('queued');
      return to(state === 'pausing' ? 'running' : state);
    case 'cancel':
      return to(state === 'queued' || state === 'paused' ? 'cancelled' : 'cancelling');
    case 'claim':
      if (state === 'paused') return { ok: false, refusal: 'not_running' };
      return to(state === 'queued' ? 'running' : state);
    case 'stopped':
      return isWorkedOn(state) ? afterStop(state, event.because) : { ok: false, refusal: 'not_running' };
  }
}

function afterStop(state: 'running' | 'pausing' | 'cancelling', because: StopReason): RunStep {
  if (because === 'failed') return to('failed');
  if (state === 'cancelling') return to('cancelled');
  switch (because) {
    case 'all_done':
      return to('completed');
    case 'consent_changed':
      return to('paused', 'consent_changed');
    case 'asked':
      // Its turn was over, or it was resumed before its worker had stopped: it waits for the next one.
      return state === 'pausing' ? to('paused', 'admin') : to('queued');
  }
}

/** Whether a run still goes on. */
export function isOpen(state: RunState): boolean {
  return (openRunStates as readonly RunState[]).includes(state);
}

/** Whether a worker owns the run. */
function isWorkedOn(state: RunState): state is 'running' | 'pausing' | 'cancelling' {
  return state === 'running' || state === 'pausing' || state === 'cancelling';
}

function to(state: RunState, pausedBecause?: PauseReason): RunStep {
  return { ok: true, state, pausedBecause };
}
