import type { AccessStatus } from '../mailbox-access/verdict.ts';

/** Where a user of a migration is; always in exactly one of these. */
export const migrantStates = ['on_ews', 'switching', 'on_graph', 'failed', 'untold', 'returned', 'gone'] as const;
export type MigrantState = (typeof migrantStates)[number];

export type MigrantEvent =
  /** The user's ring starts, for the first time or again. */
  | { readonly type: 'ring_started' }
  /** The ring's check ended; null when it did not reach the mailbox. */
  | { readonly type: 'check_ended'; readonly status: AccessStatus | null }
  /** The ring went back to Exchange Web Services. */
  | { readonly type: 'ring_returned' }
  /** Another check opened the mailbox and switches whom it opens; of those who returned, only whom an admin named. */
  | { readonly type: 'opened_elsewhere'; readonly isNamed: boolean }
  /** The user was removed, or moved to another organization. */
  | { readonly type: 'left' };

/** What a verdict of the ring's check makes of its user: only a mailbox that opened is on Microsoft Graph. */
export function stateOfVerdict(status: AccessStatus | null): MigrantState {
  switch (status) {
    case 'working':
    case 'limited':
      return 'on_graph';
    case 'blocked':
    case 'exposed':
      return 'failed';
    case 'waiting':
    case 'could_not_tell':
    case 'not_checked':
      return 'untold';
    case null:
      return 'on_ews';
  }
}

/** States from which a ring that starts takes its users: all who are still on Exchange Web Services. */
export const startingStates = ['on_ews', 'failed', 'untold', 'returned'] as const satisfies readonly MigrantState[];

/** The next state of a user; the same one when the event is none for it. Never throws. */
export function nextMigrantState(state: MigrantState, event: MigrantEvent): MigrantState {
  if (state === 'gone') return 'gone';
  switch (event.type) {
    case 'ring_started':
      return isStarting(state) ? 'switching' : state;
    case 'check_ended':
      return state === 'switching' ? stateOfVerdict(event.status) : state;
    case 'ring_returned':
      return state === 'on_graph' ? 'returned' : state;
    case 'opened_elsewhere':
      return isStarting(state) && (event.isNamed || state !== 'returned') ? 'on_graph' : state;
    case 'left':
      return 'gone';
  }
}

function isStarting(state: MigrantState): boolean {
  return (startingStates as readonly MigrantState[]).includes(state);
}

export type MigrantCounts = Readonly<Record<MigrantState, number>>;

export function noMigrants(): Record<MigrantState, number> {
  return { on_ews: 0, switching: 0, on_graph: 0, failed: 0, untold: 0, returned: 0, gone: 0 };
}
