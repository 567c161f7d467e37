import {
  advanceScopeChange,
  bringReadingResult,
  bringScopeResult,
  endScopeChange,
  getMailboxAccess,
  getMailboxScope,
  getReadingScript,
  getScopeScript,
  type MailboxAccess,
  previewMailboxScope,
  readEnforcedScope,
  runScopeStep,
  startPolicyMigration,
  startScopeChange,
} from '../../../contract/mailbox-scope.ts';
import type { ScopeChangeId, TenantId, UserId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import { route } from '../../http/route.ts';
import type { ScopeGateway } from './gateway-runs.ts';
import type { LimitPlanner } from './limit-planner.ts';
import type { ScopeChangeStore } from './scope-changes.store.ts';
import type { ScopeScripts } from './scope-scripts.ts';
import type { Scopes } from './scopes.ts';

interface Dependencies {
  readonly scopes: Scopes;
  readonly changes: ScopeChangeStore;
  readonly planner: LimitPlanner;
  readonly scripts: ScopeScripts;
  readonly gateway: ScopeGateway;
  readonly accessOf: (tenantId: TenantId, userId: UserId) => Promise<MailboxAccess>;
}

export function mailboxScopeRoutes({ scopes, changes, planner, scripts, gateway, accessOf }: Dependencies) {
  async function existing(tenantId: TenantId, id: ScopeChangeId) {
    const change = await changes.find(tenantId, id);
    if (!change) throw new AppError('scope.change_not_found');
    return change;
  }

  return [
    route(getMailboxScope, ({ admin }) => scopes.view(admin.tenantId)),

    route(previewMailboxScope, ({ admin, body }) => planner.preview(admin, body)),

    route(startScopeChange, async ({ admin, body }) =>
      scopes.describe(await changes.start(admin, await planner.plan(admin, body))),
    ),

    route(startPolicyMigration, async ({ admin }) =>
      scopes.describe(await changes.start(admin, await planner.planMigration(admin))),
    ),

    route(getScopeScript, async ({ admin, params }) => {
      const change = await existing(admin.tenantId, params.changeId);
      await scopes.requireDue(change, params.purpose);
      return scripts.ofChange(change, params.purpose);
    }),

    route(bringScopeResult, async ({ admin, params, body }) => {
      const change = await existing(admin.tenantId, params.changeId);
      const { purpose, result } = scripts.readResult(change, body.text);
      await scopes.requireDue(change, purpose);
      const taken = await scopes.takeResult(admin, change, purpose, result, 'script');
      return scopes.describe(await scopes.advance(taken));
    }),

    route(runScopeStep, async ({ admin, params, body }) => {
      const change = await existing(admin.tenantId, params.changeId);
      await scopes.requireDue(change, body.purpose);
      const result = await gateway.run(admin, change, body);
      const taken = await scopes.takeResult(admin, change, body.purpose, result, 'gateway');
      return scopes.describe(await scopes.advance(taken));
    }),

    route(advanceScopeChange, async ({ admin, params }) =>
      scopes.describe(await scopes.advance(await existing(admin.tenantId, params.changeId))),
    ),

    route(endScopeChange, async ({ admin, params }) =>
      scopes.describe(await scopes.giveUp(admin, await existing(admin.tenantId, params.changeId))),
    ),

    route(readEnforcedScope, async ({ admin }) => {
      await scopes.takeReading(admin.tenantId, await gateway.read(admin), 'gateway');
      return scopes.view(admin.tenantId);
    }),

    route(getReadingScript, async ({ admin }) => scripts.ofReading(admin.tenantId)),

    route(bringReadingResult, async ({ admin, body }) => {
      await scopes.takeReading(admin.tenantId, scripts.readReading(admin.tenantId, body.text), 'script');
      return scopes.view(admin.tenantId);
    }),

    route(getMailboxAccess, ({ admin, params }) => accessOf(admin.tenantId, params.userId)),
  ];
}
