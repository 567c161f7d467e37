import type { ReturnRefusal } from './ews-access.ts';
import type { MigrantCounts } from './migrant-state.ts';

export const ringNames = ['canary', 'second', 'rest'] as const;
export type RingName = (typeof ringNames)[number];

export const ringStates = ['planned', 'switching', 'proved', 'held', 'accepted', 'returning', 'returned'] as const;
export type RingState = (typeof ringStates)[number];

/** Why a ring stands still until an admin decides. */
export const holdReasons = [
  /** More mailboxes could not be opened than the limit allows. */
  'failures',
  /** Of too many mailboxes nothing could be told. */
  'could_not_tell',
  /** Its check did not reach everybody: it was cancelled, or somebody left and came back meanwhile. */
  'not_reached',
  /** Its check could not finish, for a fault of ours. */
  'check_failed',
  /** It did not start: the application holds permissions because of which the operator lets no check run. */
  'blocked_by_excess',
] as const;
export type HoldReason = (typeof holdReasons)[number];

export interface Ring {
  readonly name: RingName;
  readonly state: RingState;
  /** Set while it is held. */
  readonly heldBecause: HoldReason | null;
}

export const migrationStates = ['running', 'paused', 'completed', 'cancelled'] as const;
export type MigrationState = (typeof migrationStates)[number];
/** States from which a migration still goes on. */
export const openMigrationStates = ['running', 'paused'] as const satisfies readonly MigrationState[];

export interface Migration {
  readonly state: MigrationState;
  /** In the order in which they go; a migration has at least one. */
  readonly rings: readonly Ring[];
}

export type MigrationEvent =
  | { readonly type: 'pause' | 'resume' | 'cancel' }
  /** The next ring starts, by itself. */
  | { readonly type: 'ring_started'; readonly ring: RingName }
  /** The next ring cannot start, because no check may run. */
  | { readonly type: 'ring_blocked'; readonly ring: RingName }
  /** The check of a ring ended, and this is what it makes of the ring. */
  | { readonly type: 'ring_ended'; readonly ring: RingName; readonly heldBecause: HoldReason | null }
  /** An admin has a held or returned ring go again, for those who are not on Microsoft Graph. */
  | { readonly type: 'ring_again'; readonly ring: RingName }
  /** An admin takes a held ring as it is: the next one may start. */
  | { readonly type: 'ring_accepted'; readonly ring: RingName }
  /** An admin, or the plan, puts a ring back to Exchange Web Services. */
  | { readonly type: 'return'; readonly ring: RingName; readonly refusal: ReturnRefusal | undefined }
  | { readonly type: 'ring_returned'; readonly ring: RingName };

/** Why a step is not possible. */
export const migrationRefusals = [
  'no_such_ring',
  'ended',
  'paused',
  /** A ring is switching, and two would hide which of them fails. */
  'another_ring_goes',
  /** A ring before it is not through. */
  'not_its_turn',
  /** The ring is not in a state from which this can be done. */
  'wrong_state',
] as const;
export type MigrationRefusal = (typeof migrationRefusals)[number] | ReturnRefusal;

export type MigrationStep =
  | { readonly ok: true; readonly migration: Migration }
  | { readonly ok: false; readonly refusal: MigrationRefusal };

/**
 * The migration after an event, or why there is no such step. Asking twice for a pause, an end or a way on is no fault.
 * An ended migration starts nothing more; a ring of it can still be put back. Never throws.
 */
export function nextMigration(migration: Migration, event: MigrationEvent): MigrationStep {
  switch (event.type) {
    case 'pause':
    case 'resume':
      if (!isOpenMigration(migration.state)) return refused('ended');
      return to({ ...migration, state: event.type === 'pause' ? 'paused' : 'running' });
    case 'cancel':
      if (migration.state === 'completed') return refused('ended');
      return to({ ...migration, state: 'cancelled' });
    default:
      return nextOfRing(migration, event);
  }
}

type RingEvent = Exclude<MigrationEvent, { readonly type: 'pause' | 'resume' | 'cancel' }>;

function nextOfRing(migration: Migration, event: RingEvent): MigrationStep {
  const ring = migration.rings.find(({ name }) => name === event.ring);
  if (!ring) return refused('no_such_ring');
  const become = (state: RingState, heldBecause: HoldReason | null = null) =>
    to(withRing(migration, { ...ring, state, heldBecause }));
  switch (event.type) {
    case 'ring_started':
      if (ring.state !== 'planned') return refused('wrong_state');
      return whyNoStart(migration, ring) ?? become('switching');
    case 'ring_blocked':
      if (ring.state !== 'planned') return refused('wrong_state');
      return whyNoStart(migration, ring) ?? become('held', 'blocked_by_excess');
    case 'ring_again':
      if (ring.state !== 'held' && ring.state !== 'returned') return refused('wrong_state');
      return whyNoStart(migration, ring) ?? become('switching');
    case 'ring_ended':
      if (ring.state !== 'switching') return refused('wrong_state');
      return become(event.heldBecause ? 'held' : 'proved', event.heldBecause);
    case 'ring_accepted':
      if (ring.state !== 'held' || !hasBegun(ring)) return refused('wrong_state');
      return isOpenMigration(migration.state) ? become('accepted') : refused('ended');
    case 'return':
      if (!mayReturn(ring)) return refused('wrong_state');
      return event.refusal ? refused(event.refusal) : become('returning');
    case 'ring_returned':
      return ring.state === 'returning' ? become('returned') : refused('wrong_state');
  }
}

function whyNoStart(migration: Migration, ring: Ring): MigrationStep | undefined {
  if (!isOpenMigration(migration.state)) return refused('ended');
  if (migration.state === 'paused') return refused('paused');
  if (migration.rings.some(isBusy)) return refused('another_ring_goes');
  const before = migration.rings.slice(0, migration.rings.indexOf(ring));
  return before.every(isThrough) ? undefined : refused('not_its_turn');
}

/** The ring that starts by itself now; none while a ring before it is held, returned or under way. */
export function ringToStart(migration: Migration): RingName | undefined {
  const next = migration.rings.find((ring) => !isThrough(ring));
  if (!next) return undefined;
  return nextMigration(migration, { type: 'ring_started', ring: next.name }).ok ? next.name : undefined;
}

/** Whether the share of failures is above the limit, in per cent of the ring's users; one user of an empty ring is not. */
export function isAboveLimit(failures: number, users: number, limit: number): boolean {
  return failures * 100 > limit * users;
}

/**
 * What the end of its check makes of a ring: null when it is proved. What could not be told is no failure, and no proof
 * either: too much of it holds the ring as well.
 */
export function judgeRing(
  counts: MigrantCounts,
  { limit, checkEnded }: { readonly limit: number; readonly checkEnded: 'completed' | 'cancelled' | 'failed' },
): HoldReason | null {
  const { on_graph, failed, untold, on_ews } = counts;
  const users = on_graph + failed + untold + on_ews;
  if (isAboveLimit(failed, users, limit)) return 'failures';
  if (checkEnded === 'failed') return 'check_failed';
  if (on_ews > 0) return 'not_reached';
  return isAboveLimit(failed + untold, users, limit) ? 'could_not_tell' : null;
}

export function isOpenMigration(state: MigrationState): boolean {
  return (openMigrationStates as readonly MigrationState[]).includes(state);
}

/** Nothing of it is left to be done, so that the next one may start. */
function isThrough({ state }: Ring): boolean {
  return state === 'proved' || state === 'accepted';
}

/** Whether users of it were asked, so that it can be taken as it is or put back. */
export function hasBegun({ state, heldBecause }: Ring): boolean {
  return state !== 'planned' && heldBecause !== 'blocked_by_excess';
}

/** Whether a ring is in a state from which it can be put back. */
export function mayReturn(ring: Ring): boolean {
  const { state } = ring;
  return (state === 'proved' || state === 'held' || state === 'accepted') && hasBegun(ring);
}

function isBusy({ state }: Ring): boolean {
  return state === 'switching' || state === 'returning';
}

function withRing(migration: Migration, changed: Ring): Migration {
  const rings = migration.rings.map((ring) => (ring.name === changed.name ? changed : ring));
  const isDone = isOpenMigration(migration.state) && rings.every(isThrough);
  return { state: isDone ? 'completed' : migration.state, rings };
}

const to = (migration: Migration): MigrationStep => ({ ok: true, migration });
const refused = (refusal: MigrationRefusal): MigrationStep => ({ ok: false, refusal });
