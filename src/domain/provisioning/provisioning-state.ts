/**
 * The life of a provisioning. Nobody is added before `applying`, and what is applying ends as `applied`: it can neither be
 * cancelled nor stop halfway. `stopped`: Microsoft did not let us go on; `refused`: the file cannot be read.
 */
export const provisioningStates = [
  'receiving',
  'mapping',
  'checking',
  'cancelled',
  'stopped',
  'refused',
  'ready',
  'applying',
  'applied',
] as const;
export type ProvisioningState = (typeof provisioningStates)[number];

export type ProvisioningEvent = 'map' | 'cancel' | 'resume' | 'apply' | 'discard';

const next: Readonly<Record<ProvisioningEvent, Partial<Record<ProvisioningState, ProvisioningState | 'gone'>>>> = {
  map: { mapping: 'checking' },
  cancel: { checking: 'cancelled' },
  resume: { cancelled: 'checking', stopped: 'checking' },
  apply: { ready: 'applying' },
  discard: {
    receiving: 'gone',
    mapping: 'gone',
    checking: 'gone',
    cancelled: 'gone',
    stopped: 'gone',
    refused: 'gone',
    ready: 'gone',
    applied: 'gone',
  },
};

/** @returns undefined when the event does not fit the state */
export function nextProvisioningState(
  state: ProvisioningState,
  event: ProvisioningEvent,
): ProvisioningState | 'gone' | undefined {
  return next[event][state];
}

/** Whether a worker has something to do. */
export function isUnderWay(state: ProvisioningState): boolean {
  return state === 'checking' || state === 'applying';
}
