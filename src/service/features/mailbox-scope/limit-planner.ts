import type { z } from 'zod';
import type { ScopePreview, startScopeChange } from '../../../contract/mailbox-scope.ts';
import { isTest } from '../../../domain/exchange-plan/step.ts';
import type { UserId } from '../../../domain/ids.ts';
import {
  type GroupWithMembers,
  type LimitWish,
  type PlannedLimit,
  planTheLimit,
  type TenantSurvey,
} from '../../../domain/mailbox-scope/planned-limit.ts';
import { mailboxGrants } from '../../../domain/mailbox-scope/reach.ts';
import { plansOfLimit, plansOfMigration, type ScopePlans } from '../../../domain/mailbox-scope/scope-plans.ts';
import { stopsScope } from '../../../domain/mailbox-scope/scope-problem.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import { asGrant } from './application-grants.ts';
import type { ScopeChangeStore } from './scope-changes.store.ts';
import { subjectOf } from './scope-lifecycle.ts';
import { readChosenGroup, type SurveyDependencies, surveyTenant } from './survey.ts';

type Wanted = z.output<NonNullable<typeof startScopeChange.body>>;
type NewChange = Parameters<ScopeChangeStore['start']>[1];

/** Judges and plans limits; nothing here changes anything. */
export interface LimitPlanner {
  /** @throws AppError `scope.group_not_found`, `scope.sign_in_needed`, `microsoft.unavailable` */
  preview(admin: Admin, wanted: Wanted): Promise<ScopePreview>;
  /** @throws AppError as {@link LimitPlanner.preview}, and `scope.not_possible` */
  plan(admin: Admin, wanted: Wanted): Promise<NewChange>;
  /** @throws AppError `scope.not_read`, `scope.nothing_to_migrate`, `scope.deny_policy`, `microsoft.unavailable` */
  planMigration(admin: Admin): Promise<NewChange>;
}

/** What Exchange shows as the name of its pointer to our service principal. */
const applicationName = 'Mailbox Access';
const mostExamples = 10;

export function createLimitPlanner(dependencies: SurveyDependencies): LimitPlanner {
  async function judge(admin: Admin, wanted: Wanted) {
    const groups = await readChosenGroup(dependencies, admin, wanted.groupId);
    const survey = await surveyTenant(dependencies, admin.tenantId, { fresh: true });
    const wish: LimitWish = { ...wanted, groups };
    return { survey, groups, planned: planTheLimit(survey, wish) };
  }

  async function examples(admin: Admin, ids: readonly UserId[]) {
    return dependencies.directory.people(admin.tenantId, ids.slice(0, mostExamples));
  }

  async function namedSteps(admin: Admin, plans: ScopePlans | undefined): Promise<ScopePreview['steps']> {
    const steps = (plans ? [plans.make, plans.remove_assignments] : [])
      .flatMap((plan) => plan?.steps ?? [])
      .filter(({ kind }) => kind !== 'read_configuration');
    const tested = steps.filter(isTest).map((step) => subjectOf(step) as UserId);
    const people = new Map(
      (await dependencies.directory.people(admin.tenantId, tested)).map(({ id, displayName }) => [id, displayName]),
    );
    return steps.map((step) => {
      const subject = subjectOf(step);
      return { kind: step.kind, subject: people.get(subject as UserId) ?? subject };
    });
  }

  return {
    async preview(admin, wanted) {
      const { survey, groups, planned } = await judge(admin, wanted);
      const [chosen, ...nested] = groups;
      const plans = plansOf(survey, planned);
      return {
        group: describeGroup(chosen),
        directMembers: planned.directMembers,
        nestedGroups: nested.map(describeGroup),
        nestedMembers: planned.nestedMembers.length,
        problems: planned.problems.map(({ problem, names }) => ({ problem, names: [...names] })),
        mayStart: plans !== undefined && !planned.problems.some(({ problem }) => stopsScope(problem)),
        now: planned.now,
        after: planned.after,
        gains: { count: planned.gains.length, examples: await examples(admin, planned.gains) },
        loses: { count: planned.loses.length, examples: await examples(admin, planned.loses) },
        grantsToRemove: wanted.mechanism === 'role_assignments' ? mailboxGrants(survey.entraGrants).map(asGrant) : [],
        steps: await namedSteps(admin, plans),
      };
    },

    async plan(admin, wanted) {
      const { survey, groups, planned } = await judge(admin, wanted);
      const plans = plansOf(survey, planned);
      const stopping = planned.problems.filter(({ problem }) => stopsScope(problem)).map(({ problem }) => problem);
      if (!plans || stopping.length > 0) throw new AppError('scope.not_possible', { details: { problems: stopping } });
      const { mechanism, list, includeNested: includesNested } = wanted;
      return { kind: 'limit', mechanism, list, group: describeGroup(groups[0]), includesNested, plans };
    },

    async planMigration(admin) {
      const survey = await surveyTenant(dependencies, admin.tenantId, { fresh: true });
      const { configuration, servicePrincipalId } = survey;
      if (!configuration) throw new AppError('scope.not_read');
      const [chosen, ...others] = migratedGroups(survey);
      const planned = chosen
        ? planTheLimit(survey, {
            mechanism: 'role_assignments',
            list: 'allow',
            includeNested: true,
            groups: [chosen, ...others],
          })
        : undefined;
      if (configuration.policies.length === 0) throw new AppError('scope.nothing_to_migrate');
      if (!planned || !servicePrincipalId) throw new AppError('scope.not_possible');
      const plans = plansOfMigration({ ...survey, servicePrincipalId }, planned, applicationName);
      if ('refused' in plans) {
        throw new AppError(plans.refused === 'deny_policy' ? 'scope.deny_policy' : 'scope.not_possible', {
          details: { refused: plans.refused },
        });
      }
      return {
        kind: 'migrate',
        mechanism: 'role_assignments',
        list: 'allow',
        group: describeGroup(chosen as GroupWithMembers),
        includesNested: true,
        plans,
      };
    },
  };
}

/** Nothing can be assigned to an application that is not in the tenant. */
function plansOf(survey: TenantSurvey, planned: PlannedLimit): ScopePlans | undefined {
  const { servicePrincipalId } = survey;
  return servicePrincipalId && plansOfLimit({ ...survey, servicePrincipalId }, planned, applicationName);
}

/** The groups of all policies, each with everything nested in it: policies look into nested groups, scopes do not. */
function migratedGroups({ configuration }: TenantSurvey): GroupWithMembers[] {
  const named = new Set(configuration?.policies.flatMap(({ groupId }) => groupId ?? []) ?? []);
  for (const id of named) {
    for (const nested of configuration?.groups.find((group) => group.id === id)?.nestedGroupIds ?? [])
      named.add(nested);
  }
  return [...named].flatMap((id) => configuration?.groups.filter((group) => group.id === id) ?? []);
}

function describeGroup({ id, displayName, address, kind }: GroupWithMembers): ScopePreview['group'] {
  return { id, displayName, address, kind };
}
