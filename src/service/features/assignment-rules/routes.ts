import {
  createAssignmentRule,
  deleteAssignmentRule,
  getScopeDifferences,
  listAssignedPeople,
  listAssignmentRules,
  previewAssignmentRule,
  startAssignmentRun,
  updateAssignmentRule,
} from '../../../contract/assignment-rules.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Db } from '../../db/schema.ts';
import { route } from '../../http/route.ts';
import { listPeople } from './assigned-people.store.ts';
import { describeRules } from './overview.store.ts';
import type { RuleStore } from './rules.store.ts';
import type { RunRequests } from './run-requests.store.ts';
import { scopeDifferences } from './scope-differences.store.ts';

interface Dependencies {
  readonly db: Db;
  readonly rules: RuleStore;
  readonly requests: RunRequests;
  readonly everyMinutes: number;
  readonly organizations: {
    find(tenantId: TenantId, id: OrganizationId): Promise<{ id: OrganizationId; name: string } | undefined>;
  };
}

export function assignmentRuleRoutes(dependencies: Dependencies) {
  const { db, rules, requests, organizations } = dependencies;

  // The tenant comes from the verified token: an id in the URL must not reach another tenant's organization.
  async function existing(tenantId: TenantId, id: OrganizationId) {
    const organization = await organizations.find(tenantId, id);
    if (!organization) throw new AppError('organization.not_found');
    return organization;
  }

  const described = (tenantId: TenantId) => describeRules(dependencies, tenantId);
  return [
    route(listAssignmentRules, ({ admin }) => described(admin.tenantId)),

    route(createAssignmentRule, async ({ admin, params, body }) => {
      await rules.create(admin, { ...body, organization: await existing(admin.tenantId, params.organizationId) });
      return described(admin.tenantId);
    }),

    route(updateAssignmentRule, async ({ admin, params, body }) => {
      await rules.update(admin, params.ruleId, body);
      return described(admin.tenantId);
    }),

    route(deleteAssignmentRule, async ({ admin, params }) => {
      await rules.delete(admin, params.ruleId);
      return described(admin.tenantId);
    }),

    route(previewAssignmentRule, async ({ admin, params }) => {
      await requests.preview(admin, params.ruleId);
      return described(admin.tenantId);
    }),

    route(startAssignmentRun, async ({ admin }) => {
      await requests.applyNow(admin);
      return described(admin.tenantId);
    }),

    route(listAssignedPeople, ({ admin, params, query }) => listPeople(db, admin.tenantId, params.runId, query)),

    route(getScopeDifferences, async ({ admin, params }) => {
      await existing(admin.tenantId, params.organizationId);
      return scopeDifferences(db, admin.tenantId, params.organizationId);
    }),
  ];
}
