import type { ScopeChange, ScopeProof, scriptPurposes } from '../../../contract/mailbox-scope.ts';
import { isDone as isPlanDone, type PlanResult } from '../../../domain/exchange-plan/plan-result.ts';
import { type ExchangePlan, type ExchangeStep, isTest } from '../../../domain/exchange-plan/step.ts';
import { exchangeKnowsAt } from '../../../domain/mailbox-scope/propagation.ts';
import { mailboxGrants } from '../../../domain/mailbox-scope/reach.ts';
import { progressOf, type ScopeChangeFacts, type ScopeStep } from '../../../domain/mailbox-scope/scope-change.ts';
import type { StoredStepReport } from '../../db/schema/mailbox-scope.ts';
import type { ChangeProgress, StoredChange } from './scope-changes.store.ts';

export type ScriptPurpose = (typeof scriptPurposes)[number];

/** What is known beside the stored change. */
export interface Circumstances {
  readonly now: Date;
  /** Values of application permissions of a token; undefined when nobody could tell. */
  readonly grants: readonly string[] | undefined;
  /** The newest proof by live calls. */
  readonly proof: Pick<ScopeProof, 'verdict' | 'startedAt' | 'finishedAt'> | undefined;
  readonly boundMinutes: number;
}

export function factsOf(change: StoredChange, { grants, proof }: Circumstances): ScopeChangeFacts {
  const cutAt = closedAt(change);
  return {
    kind: change.kind,
    mechanism: change.mechanism,
    replacesAssignments: change.plans.remove_assignments !== null,
    madeAt: change.made_at,
    rolesProved: change.roles_proved,
    cachesKnowAt: change.caches_know_at,
    survivingGrants: grants ? mailboxGrants(grants).length : null,
    grantsGoneAt: change.grants_gone_at,
    assignmentsRemovedAt: change.assignments_removed_at,
    accessProved: cutAt && proof && new Date(proof.startedAt) >= cutAt ? judgeProof(proof) : null,
    policiesRemovedAt: change.policies_removed_at,
  };
}

/** When every older way in was closed: from then on the limit is what an admin means. */
export function closedAt(change: StoredChange): Date | null {
  if (change.mechanism === 'application_access_policy') return change.made_at;
  const closings = [change.grants_gone_at, ...(change.plans.remove_assignments ? [change.assignments_removed_at] : [])];
  const times = closings.filter((at) => at !== null);
  return times.length === closings.length ? new Date(Math.max(...times.map(Number))) : null;
}

function judgeProof({ verdict, finishedAt, startedAt }: NonNullable<Circumstances['proof']>) {
  const at = new Date(finishedAt ?? startedAt);
  switch (verdict) {
    case 'holds':
      return { holds: true, at };
    case 'leaks':
    case 'blocks':
      return { holds: false, at };
    case 'running':
    case 'waiting':
      return 'waiting' as const;
    case 'could_not_tell':
      return null;
  }
}

/** Until when the last thing that was done may still be on its way. */
export function expectedBy(change: StoredChange, { now, boundMinutes }: Circumstances): Date | null {
  const times = [change.made_at, change.grants_gone_at, change.assignments_removed_at, change.policies_removed_at];
  const last = Math.max(...times.map((at) => at?.getTime() ?? 0));
  const by = exchangeKnowsAt(new Date(last), boundMinutes);
  return last > 0 && by > now ? by : null;
}

const stepOfPurpose: Readonly<Record<Exclude<ScriptPurpose, 'undo'>, readonly ScopeStep[]>> = {
  make: ['make', 'prove_roles'],
  remove_assignments: ['remove_assignments'],
  remove_policies: ['remove_policies'],
};

/** Whether a plan may be carried out now; what takes back may be at any time. */
export function mayRun(purpose: ScriptPurpose, change: StoredChange, circumstances: Circumstances): boolean {
  if (purpose === 'undo') return true;
  if (change.state !== 'open') return false;
  const progress = progressOf(factsOf(change, circumstances), circumstances.now);
  const states = stepOfPurpose[purpose].flatMap((step) => progress.find((each) => each.step === step)?.state ?? []);
  // A plan that failed, or that was already carried out, may be run again: every step looks first.
  return states.length > 0 && states.some((state) => state !== 'todo' && state !== 'waiting');
}

export function planOf(purpose: ScriptPurpose, { plans }: StoredChange): ExchangePlan | null {
  return plans[purpose];
}

/** What a result of a plan makes known of its change. */
export function progressBy(
  purpose: ScriptPurpose,
  change: StoredChange,
  result: PlanResult,
  { now, boundMinutes }: Circumstances,
): ChangeProgress {
  const plan = planOf(purpose, change);
  const report = reportOf(plan, result);
  if (result.whatIf) return { report };
  switch (purpose) {
    case 'make': {
      const isMade = of(result, plan, (step) => !isTest(step)).every(isFine);
      const tests = of(result, plan, isTest);
      if (!isMade) return { report };
      return {
        report,
        made_at: change.made_at ?? now,
        roles_proved: areProved(plan, tests),
        caches_know_at: change.caches_know_at ?? exchangeKnowsAt(now, boundMinutes),
      };
    }
    case 'remove_assignments':
      return { report, ...(isPlanDone(result) ? { assignments_removed_at: now } : {}) };
    case 'remove_policies':
      return { report, ...(isPlanDone(result) ? { policies_removed_at: now } : {}) };
    case 'undo':
      return { report, ...(isPlanDone(result) ? { state: 'undone', ended_at: change.ended_at ?? now } : {}) };
  }
}

/** Every mailbox that could be tested answered as expected, and on each side one could. */
function areProved(plan: ExchangePlan | null, tests: PlanResult['results']): boolean {
  const bySide = Map.groupBy(tests, ({ step }) => {
    const planned = plan?.steps[step];
    return planned && isTest(planned) ? planned.expected : undefined;
  });
  return [...bySide.values()].every((side) => {
    const ran = side.filter(({ outcome }) => outcome !== 'not_run');
    return ran.length > 0 && ran.every(({ outcome }) => outcome === 'passed');
  });
}

const isFine = ({ outcome }: PlanResult['results'][number]) => ['changed', 'already_there', 'read'].includes(outcome);

function of({ results }: PlanResult, plan: ExchangePlan | null, is: (step: ExchangeStep) => boolean) {
  return results.filter(({ step }) => {
    const planned = plan?.steps[step];
    return planned !== undefined && is(planned);
  });
}

function reportOf(plan: ExchangePlan | null, { results }: PlanResult): StoredStepReport[] {
  return results.map(({ step, kind, outcome, detail }) => ({
    kind,
    subject: subjectOf(plan?.steps[step]),
    outcome,
    detail,
  }));
}

/** What a step is about, in Exchange's names. */
export function subjectOf(step: ExchangeStep | undefined): string {
  switch (step?.kind) {
    case undefined:
    case 'read_configuration':
    case 'read_ews_access':
      return '';
    case 'allow_ews_application':
    case 'withdraw_ews_application':
      return step.appId;
    case 'ensure_service_principal':
      return step.displayName;
    case 'ensure_management_scope':
    case 'remove_management_scope':
    case 'remove_role_assignment':
      return step.name;
    case 'ensure_role_assignment':
      return step.role;
    case 'ensure_application_access_policy':
    case 'remove_application_access_policy':
      return step.accessRight;
    case 'test_role_assignments':
    case 'test_application_access_policy':
      return step.mailboxId;
  }
}

/** The steps as the tab shows them. What is done stays done, also when somebody grants a permission again later. */
export function stepsOf(change: StoredChange, circumstances: Circumstances): ScopeChange['steps'] {
  return progressOf(factsOf(change, circumstances), circumstances.now).map(({ step, state, at }) => ({
    step,
    state: change.state === 'done' ? 'done' : state,
    at: at?.toISOString() ?? null,
  }));
}
