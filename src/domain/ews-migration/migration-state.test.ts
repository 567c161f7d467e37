import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccessStatus, accessStatuses } from '../mailbox-access/verdict.ts';
import type { ReturnRefusal } from './ews-access.ts';
import { type MigrantState, migrantStates, nextMigrantState, noMigrants } from './migrant-state.ts';
import {
  judgeRing,
  type Migration,
  type MigrationEvent,
  nextMigration,
  type Ring,
  type RingName,
  ringNames,
  ringToStart,
} from './migration-state.ts';
import { planRings } from './ring-plan.ts';

const limit = 10;

/** Whether a user is on Microsoft Graph, as Microsoft and the users list have it: kept apart from the migration. */
interface Person {
  readonly ring: RingName;
  isOnGraph: boolean;
  isHere: boolean;
}

/** A tenant with a migration over its users; what happens in it comes from outside. */
class World {
  migration: Migration;
  readonly people: Person[] = [];
  readonly states: MigrantState[] = [];
  /** The verdicts of the check that runs, by user. */
  results = new Map<number, AccessStatus>();
  refusal: ReturnRefusal | undefined;

  constructor(users: number, canarySize: number) {
    const sizes = planRings(users, canarySize);
    const rings = ringNames.filter((name) => sizes[name] > 0);
    for (const name of rings) {
      for (let n = 0; n < sizes[name]; n++) this.people.push({ ring: name, isOnGraph: false, isHere: true });
    }
    this.states = this.people.map(() => 'on_ews');
    this.migration = { state: 'running', rings: rings.map((name) => ({ name, state: 'planned', heldBecause: null })) };
  }

  ring(name: RingName): Ring | undefined {
    return this.migration.rings.find((ring) => ring.name === name);
  }

  get switching(): Ring | undefined {
    return this.migration.rings.find(({ state }) => state === 'switching');
  }

  countsOf(name: RingName) {
    const counts = noMigrants();
    for (const [user, person] of this.people.entries()) {
      if (person.ring === name) counts[this.states[user] as MigrantState] += 1;
    }
    return counts;
  }

  /** Takes a step, or changes nothing. */
  step(event: MigrationEvent): boolean {
    const before = JSON.stringify(this.migration);
    const next = nextMigration(this.migration, event);
    if (!next.ok) {
      expect(JSON.stringify(this.migration)).toBe(before);
      return false;
    }
    this.migration = next.migration;
    return true;
  }

  each(ring: RingName, change: (state: MigrantState, user: number) => MigrantState): void {
    for (const [user, person] of this.people.entries()) {
      if (person.ring === ring) this.states[user] = change(this.states[user] as MigrantState, user);
    }
  }

  start(event: { readonly type: 'ring_started' | 'ring_again'; readonly ring: RingName }): void {
    const before = this.migration;
    if (!this.step(event)) return;
    const place = before.rings.findIndex(({ name }) => name === event.ring);
    const earlier = before.rings.slice(0, place).map(({ state }) => state);
    expect(earlier.every((state) => state === 'proved' || state === 'accepted')).toBe(true);
    expect(before.state).toBe('running');
    this.results = new Map();
    this.each(event.ring, (state) => nextMigrantState(state, { type: 'ring_started' }));
  }

  endCheck(checkEnded: 'completed' | 'cancelled' | 'failed'): void {
    const ring = this.switching?.name;
    if (!ring) return;
    this.each(ring, (state, user) =>
      nextMigrantState(state, { type: 'check_ended', status: this.results.get(user) ?? null }),
    );
    const heldBecause = judgeRing(this.countsOf(ring), { limit, checkEnded });
    expect(this.step({ type: 'ring_ended', ring, heldBecause })).toBe(true);
  }

  return(ring: RingName): void {
    if (!this.step({ type: 'return', ring, refusal: this.refusal })) return;
    expect(this.refusal).toBeUndefined();
    this.each(ring, (state, user) => {
      const person = this.people[user] as Person;
      const next = nextMigrantState(state, { type: 'ring_returned' });
      if (next !== state) person.isOnGraph = false;
      return next;
    });
    expect(this.step({ type: 'ring_returned', ring })).toBe(true);
    expect(this.countsOf(ring).on_graph).toBe(0);
  }

  /** What must hold whatever happened. */
  judge(): void {
    expect(this.states).toHaveLength(this.people.length);
    expect(this.states.every((state) => migrantStates.includes(state))).toBe(true);
    for (const { name, state, heldBecause } of this.migration.rings) {
      const counts = this.countsOf(name);
      const sum = Object.values(counts).reduce((total, count) => total + count, 0);
      expect(sum).toBe(this.people.filter(({ ring }) => ring === name).length);
      expect(heldBecause !== null).toBe(state === 'held');
      expect(counts.switching > 0 && state !== 'switching').toBe(false);
      const hasBegun = state !== 'planned' && heldBecause !== 'blocked_by_excess';
      if (!hasBegun) expect(counts.failed + counts.untold + counts.returned).toBe(0);
    }
    for (const [user, { isOnGraph, isHere }] of this.people.entries()) {
      const state = this.states[user];
      if (state === 'switching') continue;
      expect(state === 'gone').toBe(!isHere);
      if (isHere) expect(state === 'on_graph').toBe(isOnGraph);
    }
    expect(this.migration.rings.filter(({ state }) => state === 'switching').length).toBeLessThanOrEqual(1);
    const isDone = this.migration.rings.every(({ state }) => state === 'proved' || state === 'accepted');
    if (this.migration.state === 'running') expect(isDone).toBe(false);
  }
}

const anyRing = fc.constantFrom(...ringNames);
const anyUser = fc.nat({ max: 59 });
const happenings = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ do: 'start' } as const) },
  {
    weight: 24,
    arbitrary: fc.record({ do: fc.constant('answer' as const), seed: fc.nat(), failsIn100: fc.constantFrom(0, 5, 30) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      as: fc.constantFrom('completed' as const, 'completed' as const, 'cancelled' as const, 'failed' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('again' as const, 'accept' as const, 'return' as const),
      ring: anyRing,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), user: anyUser }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('open' as const), user: anyUser, isNamed: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('exchange' as const),
      says: fc.constantFrom<ReturnRefusal | undefined>(
        undefined,
        'not_listed',
        'switched_off',
        'not_read',
        'shut_down',
      ),
    }),
  },
);
type Happening = typeof happenings extends fc.Arbitrary<infer T> ? T : never;

function happen(world: World, what: Happening): void {
  switch (what.do) {
    case 'start': {
      const ring = ringToStart(world.migration);
      if (ring) world.start({ type: 'ring_started', ring });
      return;
    }
    case 'block': {
      const ring = ringToStart(world.migration);
      if (!ring) return;
      expect(world.step({ type: 'ring_blocked', ring })).toBe(true);
      expect(ringToStart(world.migration)).toBeUndefined();
      return;
    }
    case 'answer':
      // The check of the ring that switches answers for everybody in it who has no answer yet.
      for (const [user, person] of world.people.entries()) {
        if (person.ring !== world.switching?.name || world.results.has(user)) continue;
        if (world.states[user] !== 'switching' || !person.isHere) continue;
        const draw = (what.seed * 31 + user * 17) % 100;
        const status = draw < what.failsIn100 ? accessStatuses[draw % accessStatuses.length] : 'working';
        world.results.set(user, status as AccessStatus);
        if (status === 'working' || status === 'limited') person.isOnGraph = true;
      }
      return;
    case 'end':
      world.endCheck(what.as);
      return;
    case 'again':
      world.start({ type: 'ring_again', ring: what.ring });
      return;
    case 'accept':
      world.step({ type: 'ring_accepted', ring: what.ring });
      return;
    case 'return':
      world.return(what.ring);
      return;
    case 'leave': {
      const person = world.people[what.user];
      if (!person) return;
      person.isHere = false;
      world.states[what.user] = nextMigrantState(world.states[what.user] as MigrantState, { type: 'left' });
      return;
    }
    case 'open': {
      const person = world.people[what.user];
      const state = world.states[what.user];
      if (!person?.isHere || !state || state === 'switching') return;
      // Who returned stays on Exchange Web Services until an admin says so of that very user.
      const isKept = state === 'returned' && !what.isNamed;
      if (!isKept) person.isOnGraph = true;
      const next = nextMigrantState(state, { type: 'opened_elsewhere', isNamed: what.isNamed });
      if (isKept) expect(next).toBe('returned');
      world.states[what.user] = next;
      return;
    }
    case 'exchange':
      world.refusal = what.says;
      return;
    default:
      world.step({ type: what.do });
  }
}

test('whatever happens, everybody is in exactly one state, and nobody is on a connection that the state does not say', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 10 }),
      fc.array(happenings, { maxLength: 100, size: 'max' }),
      (users, canarySize, all) => {
        const world = new World(users, canarySize);
        world.judge();
        for (const what of all) {
          happen(world, what);
          world.judge();
          for (const { name, state, heldBecause } of world.migration.rings)
            reached.add(`${name} ${heldBecause ?? state}`);
          reached.add(world.migration.state);
        }
      },
    ),
    { numRuns: 400, seed: 7 },
  );
  // The model is worth something only where it gets: every state of every ring, and every end.
  const everywhere = [
    'planned',
    'switching',
    'proved',
    'accepted',
    'returned',
    'failures',
    'not_reached',
    'check_failed',
    'blocked_by_excess',
  ];
  const wanted = ringNames.flatMap((name) => everywhere.map((state) => `${name} ${state}`));
  expect(wanted.filter((one) => !reached.has(one))).toEqual([]);
  expect([...reached]).toEqual(expect.arrayContaining(['running', 'paused', 'completed', 'cancelled']));
});

describe('a seeded failure rate', () => {
  test('makes the second ring hold; the third one does not start, the second returns, and nobody is lost', () => {
    const world = new World(200, 10);
    const failsIn = (ring: RingName, every: number) => {
      world.start({ type: 'ring_started', ring });
      for (const [user, person] of world.people.entries()) {
        if (person.ring !== ring) continue;
        const status = every > 0 && user % every === 0 ? 'blocked' : 'working';
        world.results.set(user, status);
        person.isOnGraph = status === 'working';
      }
      world.endCheck('completed');
    };
    failsIn('canary', 0);
    failsIn('second', 4);
    const held = world.ring('second');
    const next = ringToStart(world.migration);
    world.return('second');

    expect(world.ring('canary')?.state).toBe('proved');
    expect(held).toMatchObject({ state: 'held', heldBecause: 'failures' });
    expect(next).toBeUndefined();
    expect(world.ring('second')?.state).toBe('returned');
    expect(ringToStart(world.migration)).toBeUndefined();
    expect(world.countsOf('second')).toMatchObject({ returned: 15, failed: 5, on_graph: 0 });
    expect(world.countsOf('rest')).toMatchObject({ on_ews: 170 });
    world.judge();
  });
});

test.each([
  [0, 10, { canary: 0, second: 0, rest: 0 }],
  [1, 10, { canary: 1, second: 0, rest: 0 }],
  [11, 10, { canary: 10, second: 1, rest: 0 }],
  [100, 10, { canary: 10, second: 10, rest: 80 }],
  [101, 10, { canary: 10, second: 11, rest: 80 }],
  [200_000, 10, { canary: 10, second: 20_000, rest: 179_990 }],
  [50, 50, { canary: 50, second: 0, rest: 0 }],
])('%i users with a canary of %i are %j', (users, canarySize, sizes) =>
  expect(planRings(users, canarySize)).toEqual(sizes),
);

describe('the end of a check', () => {
  const judged = (some: object, checkEnded: 'completed' | 'cancelled' | 'failed' = 'completed') =>
    judgeRing({ ...noMigrants(), ...some }, { limit: 5, checkEnded });

  test.each([
    ['exactly at the limit', { on_graph: 95, failed: 5 }, null],
    ['just above it', { on_graph: 94, failed: 6 }, 'failures'],
    ['who is gone does not count', { on_graph: 95, failed: 5, gone: 900 }, null],
    ['not told is no proof', { on_graph: 90, failed: 3, untold: 7 }, 'could_not_tell'],
    ['a little that was not told', { on_graph: 96, failed: 2, untold: 2 }, null],
    ['nobody is left', { gone: 10 }, null],
    ['somebody was not reached', { on_graph: 99, on_ews: 1 }, 'not_reached'],
  ])('%s', (_, counts, hold) => expect(judged(counts)).toBe(hold));

  test('of a check that failed is no proof, and failures are named first', () => {
    expect(judged({ on_graph: 100 }, 'failed')).toBe('check_failed');
    expect(judged({ failed: 100 }, 'failed')).toBe('failures');
    expect(judged({ failed: 8, on_ews: 92 }, 'cancelled')).toBe('failures');
  });
});

describe('steps that are refused', () => {
  const ring = (state: Ring['state'], name: RingName = 'canary'): Ring => ({
    name,
    state,
    heldBecause: state === 'held' ? 'failures' : null,
  });
  const canary = 'canary' as const;
  test.each<[string, Migration, MigrationEvent, string]>([
    [
      'a ring that is not there',
      { state: 'running', rings: [ring('planned')] },
      { type: 'ring_started', ring: 'rest' },
      'no_such_ring',
    ],
    [
      'a start while paused',
      { state: 'paused', rings: [ring('planned')] },
      { type: 'ring_started', ring: canary },
      'paused',
    ],
    [
      'a start after the end',
      { state: 'cancelled', rings: [ring('planned')] },
      { type: 'ring_started', ring: canary },
      'ended',
    ],
    [
      'a second start',
      { state: 'running', rings: [ring('switching')] },
      { type: 'ring_started', ring: canary },
      'wrong_state',
    ],
    [
      'past a hold',
      { state: 'running', rings: [ring('held'), ring('planned', 'second')] },
      { type: 'ring_started', ring: 'second' },
      'not_its_turn',
    ],
    [
      'past a returned ring',
      { state: 'running', rings: [ring('returned'), ring('planned', 'second')] },
      { type: 'ring_started', ring: 'second' },
      'not_its_turn',
    ],
    [
      'beside another',
      { state: 'running', rings: [ring('returning'), ring('planned', 'second')] },
      { type: 'ring_started', ring: 'second' },
      'another_ring_goes',
    ],
    [
      'a return while it switches',
      { state: 'running', rings: [ring('switching')] },
      { type: 'return', ring: canary, refusal: undefined },
      'wrong_state',
    ],
    [
      'a return twice',
      { state: 'running', rings: [ring('returned')] },
      { type: 'return', ring: canary, refusal: undefined },
      'wrong_state',
    ],
    [
      'a return that Exchange does not allow',
      { state: 'completed', rings: [ring('proved')] },
      { type: 'return', ring: canary, refusal: 'not_listed' },
      'not_listed',
    ],
    [
      'accepting what is not held',
      { state: 'running', rings: [ring('proved')] },
      { type: 'ring_accepted', ring: canary },
      'wrong_state',
    ],
    [
      'accepting what did not begin',
      { state: 'running', rings: [{ ...ring('held'), heldBecause: 'blocked_by_excess' }] },
      { type: 'ring_accepted', ring: canary },
      'wrong_state',
    ],
    [
      'a return of what did not begin',
      { state: 'running', rings: [{ ...ring('held'), heldBecause: 'blocked_by_excess' }] },
      { type: 'return', ring: canary, refusal: undefined },
      'wrong_state',
    ],
    [
      'accepting after the end',
      { state: 'cancelled', rings: [ring('held')] },
      { type: 'ring_accepted', ring: canary },
      'ended',
    ],
    ['a pause after the end', { state: 'completed', rings: [ring('proved')] }, { type: 'pause' }, 'ended'],
    ['cancelling what is completed', { state: 'completed', rings: [ring('proved')] }, { type: 'cancel' }, 'ended'],
  ])('%s', (_, migration, event, refusal) => expect(nextMigration(migration, event)).toEqual({ ok: false, refusal }));

  test('an ended migration can still be put back', () => {
    const ended: Migration = { state: 'completed', rings: [ring('proved')] };
    expect(nextMigration(ended, { type: 'return', ring: canary, refusal: undefined })).toMatchObject({
      ok: true,
      migration: { state: 'completed', rings: [{ state: 'returning' }] },
    });
  });
});
