/** Steps of a change, in the only order that never leaves a mailbox open that should be closed, nor cuts one off. */
export const scopeSteps = [
  'make',
  'prove_roles',
  'wait',
  'remove_grants',
  'remove_assignments',
  'prove_access',
  'remove_policies',
] as const;
export type ScopeStep = (typeof scopeSteps)[number];

/** `failed`: it was tried, and what it found stands in the way; nothing after it is due. */
export const scopeStepStates = ['done', 'due', 'waiting', 'failed', 'todo'] as const;
export type ScopeStepState = (typeof scopeStepStates)[number];

export type ScopeChangeKind = 'limit' | 'migrate';
export type ScopeMechanism = 'role_assignments' | 'application_access_policy';

/** What is known of a change. Instants are those of the verified fact, not of the click. */
export interface ScopeChangeFacts {
  readonly kind: ScopeChangeKind;
  readonly mechanism: ScopeMechanism;
  /** Whether older role assignments must go, because they open what the limit closes. */
  readonly replacesAssignments: boolean;
  /** When Exchange reported every object as made. */
  readonly madeAt: Date | null;
  /** Exchange's own tests from both sides; null until they ran. */
  readonly rolesProved: boolean | null;
  /** When Exchange's caches know what was made. */
  readonly cachesKnowAt: Date | null;
  /** Matching tenant-wide grants that were seen last; null when nobody could tell. */
  readonly survivingGrants: number | null;
  readonly grantsGoneAt: Date | null;
  readonly assignmentsRemovedAt: Date | null;
  /** Outcome of the newest proof by live calls that began after the last change. */
  readonly accessProved: { readonly holds: boolean; readonly at: Date } | 'waiting' | null;
  readonly policiesRemovedAt: Date | null;
}

export interface ScopeStepProgress {
  readonly step: ScopeStep;
  readonly state: ScopeStepState;
  readonly at: Date | null;
}

/**
 * Where a change stands. Total and pure. A step is due only when every step before it is done, so grants are removed
 * only after the roles are proved and known to Exchange's caches, and a policy only after no matching grant survives
 * and live calls proved the scope from both sides.
 * @see Microsoft Learn, RBAC for Applications in Exchange Online, migrating from application access policies
 */
export function progressOf(facts: ScopeChangeFacts, now: Date): ScopeStepProgress[] {
  let isReached = true;
  return stepsOf(facts).map((step) => {
    const { state, at } = isReached ? judge(step, facts, now) : { state: 'todo' as const, at: null };
    isReached &&= state === 'done';
    return { step, state, at };
  });
}

/** Whether a step may be carried out now. */
export function isDue(step: ScopeStep, facts: ScopeChangeFacts, now: Date): boolean {
  return progressOf(facts, now).some((each) => each.step === step && (each.state === 'due' || each.state === 'failed'));
}

export function isDone(facts: ScopeChangeFacts, now: Date): boolean {
  return progressOf(facts, now).every(({ state }) => state === 'done');
}

function stepsOf({ kind, mechanism, replacesAssignments }: ScopeChangeFacts): readonly ScopeStep[] {
  // Policies confine the grants of Entra, which therefore stay.
  if (mechanism === 'application_access_policy') return ['make', 'prove_roles', 'prove_access'];
  return scopeSteps.filter(
    (step) =>
      (step !== 'remove_assignments' || replacesAssignments) && (step !== 'remove_policies' || kind === 'migrate'),
  );
}

function judge(step: ScopeStep, facts: ScopeChangeFacts, now: Date): { state: ScopeStepState; at: Date | null } {
  const done = (at: Date | null) => ({ state: 'done' as const, at });
  const open = (state: ScopeStepState, at: Date | null = null) => ({ state, at });
  switch (step) {
    case 'make':
      return facts.madeAt ? done(facts.madeAt) : open('due');
    case 'prove_roles':
      if (facts.rolesProved === null) return open('due');
      return facts.rolesProved ? done(facts.madeAt) : open('failed', facts.madeAt);
    case 'wait':
      return facts.cachesKnowAt && facts.cachesKnowAt <= now
        ? done(facts.cachesKnowAt)
        : open('waiting', facts.cachesKnowAt);
    case 'remove_grants':
      if (facts.survivingGrants === null) return open('waiting');
      return facts.survivingGrants === 0 ? done(facts.grantsGoneAt) : open('due');
    case 'remove_assignments':
      return facts.assignmentsRemovedAt ? done(facts.assignmentsRemovedAt) : open('due');
    case 'prove_access':
      if (facts.accessProved === 'waiting') return open('waiting');
      if (!facts.accessProved) return open('due');
      return facts.accessProved.holds ? done(facts.accessProved.at) : open('failed', facts.accessProved.at);
    case 'remove_policies':
      return facts.policiesRemovedAt ? done(facts.policiesRemovedAt) : open('due');
  }
}
