import { planLimit } from '../exchange-plan/limit-plan.ts';
import { type MigrationRefusal, planMigration } from '../exchange-plan/migration-plan.ts';
import { type PolicyRefusal, planPolicyRemoval, planPolicyRestore } from '../exchange-plan/policy-plan.ts';
import type { ExchangePlan, ExchangeStep } from '../exchange-plan/step.ts';
import { planUndo } from '../exchange-plan/undo-plan.ts';
import type { ServicePrincipalId } from '../ids.ts';
import type { ExchangeAssignment } from '../mailbox-access/exchange-configuration.ts';
import { type PlannedLimit, type TenantSurvey, testedMailboxes } from './planned-limit.ts';

/** What a change does in Exchange, by the step that does it, and what takes everything back. */
export interface ScopePlans {
  readonly make: ExchangePlan;
  /** Assignments that the new limit replaces; null where there are none. */
  readonly remove_assignments: ExchangePlan | null;
  /** The policies that a migration ends with; null for other changes. */
  readonly remove_policies: ExchangePlan | null;
  readonly undo: ExchangePlan;
}

type Surveyed = TenantSurvey & { readonly servicePrincipalId: ServicePrincipalId };

/** Plans for a limit that was judged. */
export function plansOfLimit(survey: Surveyed, planned: PlannedLimit, applicationName: string): ScopePlans {
  const { tenantId, appId, servicePrincipalId } = survey;
  const { limit } = planned;
  const make = planLimit({
    tenantId,
    appId,
    servicePrincipalId,
    applicationName,
    ...limit,
    ...testedMailboxes(planned),
  });
  const replaced = limit.mechanism === 'role_assignments' ? replacedAssignments(survey, make) : [];
  return {
    make,
    remove_assignments: planAssignmentRemoval(survey, replaced),
    remove_policies: null,
    undo: withSteps(planUndo(make), planAssignmentRestore(survey, replaced)),
  };
}

/** Plans for the way from policies to role assignments, or why there is none. */
export function plansOfMigration(
  survey: Surveyed,
  planned: PlannedLimit,
  applicationName: string,
): ScopePlans | MigrationRefusal | PolicyRefusal {
  const { tenantId, appId, servicePrincipalId, configuration } = survey;
  const policies = configuration?.policies ?? [];
  const make = planMigration({
    tenantId,
    appId,
    servicePrincipalId,
    applicationName,
    permissions: planned.limit.permissions,
    policies,
    groups: configuration?.groups ?? [],
    ...testedMailboxes(planned),
  });
  if ('refused' in make) return make;
  const removal = planPolicyRemoval({ tenantId, appId, policies });
  const restore = planPolicyRestore({ tenantId, appId, policies });
  if ('refused' in removal) return removal;
  if ('refused' in restore) return restore;
  const replaced = replacedAssignments(survey, make);
  return {
    make,
    remove_assignments: planAssignmentRemoval(survey, replaced),
    remove_policies: removal,
    // Policies first: they confine the grants that an admin puts back.
    undo: withSteps({ ...restore, steps: restore.steps.filter(isNoReading) }, [
      ...planAssignmentRestore(survey, replaced),
      ...planUndo(make).steps,
    ]),
  };
}

/** Assignments beside the new ones: they keep open what the new limit closes. */
function replacedAssignments({ configuration }: TenantSurvey, make: ExchangePlan): readonly ExchangeAssignment[] {
  const names = new Set(make.steps.flatMap((step) => (step.kind === 'ensure_role_assignment' ? [step.name] : [])));
  return (configuration?.assignments ?? []).filter(({ name }) => !names.has(name));
}

function planAssignmentRemoval(
  { tenantId, appId }: TenantSurvey,
  assignments: readonly ExchangeAssignment[],
): ExchangePlan | null {
  if (assignments.length === 0) return null;
  const steps = assignments.map(({ name }): ExchangeStep => ({ kind: 'remove_role_assignment', name }));
  return { tenantId, steps: [...steps, { kind: 'read_configuration', appId }] };
}

/** Only an assignment over a management scope can be made again from what Exchange lists of it. */
function planAssignmentRestore(
  { servicePrincipalId }: Surveyed,
  assignments: readonly ExchangeAssignment[],
): ExchangeStep[] {
  return assignments.flatMap(({ name, role, scope }): ExchangeStep[] =>
    scope.kind === 'management_scope'
      ? [{ kind: 'ensure_role_assignment', name, role, servicePrincipalId, scopeName: scope.name }]
      : [],
  );
}

const isNoReading = (step: ExchangeStep) => step.kind !== 'read_configuration';

function withSteps(plan: ExchangePlan, steps: readonly ExchangeStep[]): ExchangePlan {
  const readings = plan.steps.filter((step) => !isNoReading(step));
  const later = steps.filter((step) => isNoReading(step) || readings.length === 0);
  return { ...plan, steps: [...plan.steps.filter(isNoReading), ...later, ...readings] };
}
