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
import { type Route, route } from '../../http/route.ts';
import type { ApplicationScope, ScopeOf } from './feature.ts';

interface Dependencies {
  readonly scopeOf: ScopeOf;
  /** Of the application that reaches the user's mailbox. */
  readonly accessOf: (tenantId: TenantId, userId: UserId) => Promise<MailboxAccess>;
}

export function mailboxScopeRoutes({ scopeOf, accessOf }: Dependencies): Route[] {
  async function existing({ changes }: ApplicationScope, tenantId: TenantId, id: ScopeChangeId) {
    const change = await changes.find(tenantId, id);
    if (!change) throw new AppError('scope.change_not_found');
    return change;
  }

  return [
    route(getMailboxScope, ({ admin, query }) => scopeOf(admin.tenantId, query).scopes.view(admin.tenantId)),

    route(previewMailboxScope, ({ admin, query, body }) => scopeOf(admin.tenantId, query).planner.preview(admin, body)),

    route(startScopeChange, async ({ admin, query, body }) => {
      const { scopes, changes, planner } = scopeOf(admin.tenantId, query);
      return scopes.describe(await changes.start(admin, await planner.plan(admin, body)));
    }),

    route(startPolicyMigration, async ({ admin, query }) => {
      const { scopes, changes, planner } = scopeOf(admin.tenantId, query);
      return scopes.describe(await changes.start(admin, await planner.planMigration(admin)));
    }),

    route(getScopeScript, async ({ admin, query, params }) => {
      const scope = scopeOf(admin.tenantId, query);
      const change = await existing(scope, admin.tenantId, params.changeId);
      await scope.scopes.requireDue(change, params.purpose);
      return scope.scripts.ofChange(change, params.purpose);
    }),

    route(bringScopeResult, async ({ admin, query, params, body }) => {
      const scope = scopeOf(admin.tenantId, query);
      const change = await existing(scope, admin.tenantId, params.changeId);
      const { purpose, result } = scope.scripts.readResult(change, body.text);
      await scope.scopes.requireDue(change, purpose);
      const taken = await scope.scopes.takeResult(admin, change, purpose, result, 'script');
      return scope.scopes.describe(await scope.scopes.advance(taken));
    }),

    route(runScopeStep, async ({ admin, query, params, body }) => {
      const scope = scopeOf(admin.tenantId, query);
      const change = await existing(scope, admin.tenantId, params.changeId);
      await scope.scopes.requireDue(change, body.purpose);
      const result = await scope.gateway.run(admin, change, body);
      const taken = await scope.scopes.takeResult(admin, change, body.purpose, result, 'gateway');
      return scope.scopes.describe(await scope.scopes.advance(taken));
    }),

    route(advanceScopeChange, async ({ admin, query, params }) => {
      const scope = scopeOf(admin.tenantId, query);
      return scope.scopes.describe(await scope.scopes.advance(await existing(scope, admin.tenantId, params.changeId)));
    }),

    route(endScopeChange, async ({ admin, query, params }) => {
      const scope = scopeOf(admin.tenantId, query);
      const change = await existing(scope, admin.tenantId, params.changeId);
      return scope.scopes.describe(await scope.scopes.giveUp(admin, change));
    }),

    route(readEnforcedScope, async ({ admin, query }) => {
      const { scopes, gateway } = scopeOf(admin.tenantId, query);
      await scopes.takeReading(admin.tenantId, await gateway.read(admin), 'gateway');
      return scopes.view(admin.tenantId);
    }),

    route(getReadingScript, async ({ admin, query }) =>
      scopeOf(admin.tenantId, query).scripts.ofReading(admin.tenantId),
    ),

    route(bringReadingResult, async ({ admin, query, body }) => {
      const { scopes, scripts } = scopeOf(admin.tenantId, query);
      await scopes.takeReading(admin.tenantId, scripts.readReading(admin.tenantId, body.text), 'script');
      return scopes.view(admin.tenantId);
    }),

    route(getMailboxAccess, ({ admin, params }) => accessOf(admin.tenantId, params.userId)),
  ];
}
