import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDue, progressOf, type ScopeChangeFacts, scopeSteps } from './scope-change.ts';

const now = new Date('2026-11-23T12:00:00Z');
const before = new Date('2026-11-23T09:00:00Z');
const after = new Date('2026-11-23T13:00:00Z');
const nothing: ScopeChangeFacts = {
  kind: 'limit',
  mechanism: 'role_assignments',
  replacesAssignments: false,
  madeAt: null,
  rolesProved: null,
  cachesKnowAt: null,
  survivingGrants: null,
  grantsGoneAt: null,
  assignmentsRemovedAt: null,
  accessProved: null,
  policiesRemovedAt: null,
};
const made = { ...nothing, madeAt: before, rolesProved: true, cachesKnowAt: before };
const cut = { ...made, survivingGrants: 0, grantsGoneAt: before };
const statesOf = (facts: ScopeChangeFacts) => progressOf(facts, now).map(({ step, state }) => `${step} ${state}`);

describe('a limit by role assignments', () => {
  test('begins with making it, and nothing else is due', () => {
    expect(statesOf(nothing)).toEqual([
      'make due',
      'prove_roles todo',
      'wait todo',
      'remove_grants todo',
      'prove_access todo',
    ]);
  });

  test('waits for Exchange’s caches before the grants are removed', () => {
    const facts = { ...made, cachesKnowAt: after, survivingGrants: 3 };
    expect(statesOf(facts).slice(2)).toEqual(['wait waiting', 'remove_grants todo', 'prove_access todo']);
    expect(isDue('remove_grants', { ...facts, cachesKnowAt: before }, now)).toBe(true);
  });

  test('a test of Exchange that fails stops it', () => {
    expect(statesOf({ ...made, rolesProved: false }).slice(1, 3)).toEqual(['prove_roles failed', 'wait todo']);
  });

  test('a grant that comes back is removed again before anything is called proved', () => {
    expect(statesOf({ ...cut, survivingGrants: 1, accessProved: { holds: true, at: before } }).slice(3)).toEqual([
      'remove_grants due',
      'prove_access todo',
    ]);
  });

  test('grants that nobody could read are waited for, not taken as gone', () => {
    expect(statesOf({ ...made, survivingGrants: null })).toContain('remove_grants waiting');
  });
});

test('a limit by policy keeps the grants it confines', () => {
  const facts = { ...nothing, mechanism: 'application_access_policy' as const };
  expect(statesOf(facts)).toEqual(['make due', 'prove_roles todo', 'prove_access todo']);
});

test('whatever is known, a policy is removed only when no grant survives and the scope was proved', () => {
  const instants = fc.constantFrom(null, before, after);
  const facts = fc.record({
    kind: fc.constant('migrate' as const),
    mechanism: fc.constant('role_assignments' as const),
    replacesAssignments: fc.constant(true),
    madeAt: instants,
    rolesProved: fc.constantFrom(null, true, false),
    cachesKnowAt: instants,
    survivingGrants: fc.constantFrom(null, 0, 1, 7),
    grantsGoneAt: instants,
    assignmentsRemovedAt: instants,
    accessProved: fc.constantFrom(null, 'waiting' as const, { holds: true, at: before }, { holds: false, at: before }),
    policiesRemovedAt: instants,
  });
  fc.assert(
    fc.property(facts, (known) => {
      const progress = progressOf(known, now);
      // At most one step is at work, and everything after it is to do.
      const first = progress.findIndex(({ state }) => state !== 'done');
      if (first >= 0) expect(progress.slice(first + 1).every(({ state }) => state === 'todo')).toBe(true);
      expect(progress.map(({ step }) => step)).toEqual([...scopeSteps]);
      if (!isDue('remove_policies', known, now)) return;
      expect(known.survivingGrants).toBe(0);
      expect(known.accessProved).toMatchObject({ holds: true });
      expect(known.rolesProved).toBe(true);
    }),
    { numRuns: 5000 },
  );
});
