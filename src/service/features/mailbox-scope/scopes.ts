import type { MailboxScope, ScopeChange } from '../../../contract/mailbox-scope.ts';
import type { PlanResult } from '../../../domain/exchange-plan/plan-result.ts';
import { configurationOf } from '../../../domain/exchange-plan/plan-result.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import { accessConfigurationOf } from '../../../domain/mailbox-access/configured-access.ts';
import type { ExchangeConfiguration } from '../../../domain/mailbox-access/exchange-configuration.ts';
import { indexMembership } from '../../../domain/mailbox-access/membership-index.ts';
import { differencesOf } from '../../../domain/mailbox-scope/drift.ts';
import { mailboxGrants, reachability } from '../../../domain/mailbox-scope/reach.ts';
import { isDone, progressOf, type ScopeStep } from '../../../domain/mailbox-scope/scope-change.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { asGrant, readApplicationGrants } from './application-grants.ts';
import { noteDrift } from './drift-findings.ts';
import type { DriftStore } from './drifts.store.ts';
import { describeEnforced } from './enforced-view.ts';
import type { IntentStore } from './intents.store.ts';
import type { ProofStore } from './proofs.store.ts';
import type { Reading, ReadingStore } from './readings.store.ts';
import type { ScopeChangeStore, StoredChange } from './scope-changes.store.ts';
import {
  type Circumstances,
  closedAt,
  expectedBy,
  factsOf,
  mayRun,
  progressBy,
  type ScriptPurpose,
  stepsOf,
} from './scope-lifecycle.ts';
import { directoryMaxAgeMinutes, type SurveyDependencies } from './survey.ts';

export interface ScopesDependencies extends SurveyDependencies {
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly readings: ReadingStore;
  readonly changes: ScopeChangeStore;
  readonly intents: IntentStore;
  readonly proofs: ProofStore;
  readonly drifts: DriftStore;
  readonly gateway: MailboxScope['gateway'];
  readonly exchangeBoundMinutes: number;
  /** Verifies the consent of every organization that the application serves anew: what opens a mailbox is another authority now. */
  readonly verifyConsents: (tenantId: TenantId) => Promise<void>;
}

const directoryPatienceMs = 250;

/** The limit of the application in a tenant: what is known of it, and how a change goes on. */
export interface Scopes {
  view(tenantId: TenantId): Promise<MailboxScope>;
  describe(change: StoredChange, options?: { fresh: boolean }): Promise<ScopeChange>;
  /** Looks at grants and proofs again and writes down what is done. */
  advance(change: StoredChange): Promise<StoredChange>;
  /** @throws AppError `scope.step_not_due` */
  requireDue(change: StoredChange, purpose: ScriptPurpose): Promise<void>;
  /** Takes what a script or the gateway did. */
  takeResult(
    admin: Admin,
    change: StoredChange,
    purpose: ScriptPurpose,
    result: PlanResult,
    source: Reading['source'],
  ): Promise<StoredChange>;
  /** Keeps what Exchange enforces, and finds what changed without this product. */
  takeReading(tenantId: TenantId, configuration: ExchangeConfiguration, source: Reading['source']): Promise<void>;
  giveUp(admin: Admin, change: StoredChange): Promise<StoredChange>;
}

export function createScopes(dependencies: ScopesDependencies): Scopes {
  const { db, clock, appId, registration, readings, changes, intents, proofs, drifts, directory } = dependencies;
  const { recordActivity, exchangeBoundMinutes: boundMinutes } = dependencies;

  async function circumstancesOf(tenantId: TenantId, { fresh }: { fresh: boolean }): Promise<Circumstances> {
    const { permissions } = await readApplicationGrants(dependencies, tenantId, { fresh });
    return { now: clock.now(), grants: permissions, proof: await proofs.latest(tenantId), boundMinutes };
  }

  /** Mailboxes are stored by id; an admin knows them by name. */
  async function namedReport({ tenant_id: tenantId, report }: StoredChange): Promise<ScopeChange['report']> {
    const ids = report.filter(({ kind }) => kind.startsWith('test_')).map(({ subject }) => subject as UserId);
    const people = new Map((await directory.people(tenantId, ids)).map(({ id, displayName }) => [id, displayName]));
    return report.map((step) => ({ ...step, subject: people.get(step.subject as UserId) ?? step.subject }));
  }

  async function describeWith(change: StoredChange, circumstances: Circumstances): Promise<ScopeChange> {
    return {
      id: change.id,
      kind: change.kind,
      mechanism: change.mechanism,
      list: change.list,
      group: change.group,
      includesNested: change.includes_nested,
      steps: stepsOf(change, circumstances),
      grantsToRemove:
        change.mechanism === 'role_assignments' ? mailboxGrants(circumstances.grants ?? []).map(asGrant) : [],
      expectedBy: expectedBy(change, circumstances)?.toISOString() ?? null,
      report: await namedReport(change),
      state: change.state,
      createdAt: change.created_at.toISOString(),
      createdBy: { userId: change.created_by, displayName: change.created_by_name },
      endedAt: change.ended_at?.toISOString() ?? null,
    };
  }

  /** What Exchange enforced is what the tab shows and judges by from now on. */
  async function keepReading(
    tx: Tx,
    tenantId: TenantId,
    configuration: ExchangeConfiguration,
    source: Reading['source'],
  ) {
    await readings.save(tx, tenantId, source, configuration);
    await intents.refresh(tx, tenantId, configuration);
  }

  /** The limit is meant from the moment the older ways in are closed. */
  async function takeIntent(tx: Tx, change: StoredChange): Promise<void> {
    const held = await intents.find(change.tenant_id, tx);
    if (held?.change_id === change.id) return;
    const reading = await readings.find(change.tenant_id, tx);
    if (closedAt(change) && reading) await intents.set(tx, change, reading.configuration);
  }

  return {
    async view(tenantId) {
      await readDirectoryFor(tenantId);
      const [grants, reading, intent, change, proof] = await Promise.all([
        readApplicationGrants(dependencies, tenantId, { fresh: false }),
        readings.find(tenantId),
        intents.find(tenantId),
        changes.latest(tenantId),
        proofs.latest(tenantId),
      ]);
      const held = mailboxGrants(grants.permissions ?? []);
      const limitedByRoles = reading?.configuration.assignments.some(({ scope }) => scope.kind !== 'organization');
      const isUnion = intent?.mechanism === 'role_assignments' || (intent === undefined && limitedByRoles === true);
      const circumstances = { now: clock.now(), grants: grants.permissions, proof, boundMinutes };
      return {
        gateway: dependencies.gateway,
        tenantWideGrants: held.map(asGrant),
        enforced: reading ? describeEnforced(reading, grants.servicePrincipalId) : null,
        intent: intent
          ? {
              mechanism: intent.mechanism,
              list: intent.list,
              group: intent.group,
              includesNested: intent.includes_nested,
              mailboxes: await intents.countInside(intent),
              setAt: intent.set_at.toISOString(),
              setBy: intent.set_by ? { userId: intent.set_by, displayName: intent.set_by_name ?? '' } : null,
            }
          : null,
        reach: await reachOf(tenantId, grants.permissions, grants.servicePrincipalId, reading),
        change:
          change && (change.state === 'open' || change.id === intent?.change_id)
            ? await describeWith(change, circumstances)
            : null,
        proof: proof ?? null,
        problems: isUnion && held.length > 0 ? [{ problem: 'union_trap' as const, names: held }] : [],
        drifts: await drifts.listOpen(tenantId),
      };
    },

    async describe(change, { fresh } = { fresh: false }) {
      return describeWith(change, await circumstancesOf(change.tenant_id, { fresh }));
    },

    async advance(change) {
      if (change.state !== 'open') return change;
      const circumstances = await circumstancesOf(change.tenant_id, { fresh: true });
      const advanced = await inTransaction(db, async (tx) => {
        let current = change;
        const { now, grants } = circumstances;
        if (change.mechanism === 'role_assignments' && grants && isReached('remove_grants', current, circumstances)) {
          const gone = mailboxGrants(grants).length === 0 ? (change.grants_gone_at ?? now) : null;
          if (gone?.getTime() !== change.grants_gone_at?.getTime()) {
            current = await changes.update(tx, current, { grants_gone_at: gone });
          }
        }
        await takeIntent(tx, current);
        if (isDone(factsOf(current, circumstances), now)) {
          current = await changes.update(tx, current, { state: 'done', ended_at: now });
          await recordActivity(tx, {
            tenantId: change.tenant_id,
            type: 'scope.change_done',
            details: { kind: change.kind, group: change.group.displayName },
          });
        }
        return current;
      });
      const isNews = closedAt(advanced)?.getTime() !== closedAt(change)?.getTime() || advanced.state !== change.state;
      if (isNews) await dependencies.verifyConsents(change.tenant_id);
      return advanced;
    },

    async requireDue(change, purpose) {
      const circumstances = await circumstancesOf(change.tenant_id, { fresh: purpose === 'remove_policies' });
      if (!change.plans[purpose] || !mayRun(purpose, change, circumstances)) throw new AppError('scope.step_not_due');
    },

    async takeResult(admin, change, purpose, result, source) {
      const circumstances = await circumstancesOf(change.tenant_id, { fresh: false });
      const taken = await inTransaction(db, async (tx) => {
        const configuration = configurationOf(result);
        if (configuration && !result.whatIf) await keepReading(tx, change.tenant_id, configuration, source);
        const updated = await changes.update(tx, change, progressBy(purpose, change, result, circumstances));
        if (updated.state === 'undone') await intents.drop(tx, updated);
        else await takeIntent(tx, updated);
        await recordActivity(tx, {
          tenantId: change.tenant_id,
          type: 'scope.step_done',
          by: admin,
          details: { step: purpose, source, whatIf: result.whatIf, group: change.group.displayName },
        });
        return updated;
      });
      if (taken.state === 'undone' && change.state !== 'undone') await dependencies.verifyConsents(change.tenant_id);
      return taken;
    },

    async takeReading(tenantId, configuration, source) {
      await inTransaction(db, async (tx) => {
        const before = await readings.find(tenantId, tx);
        if (before) {
          const differences = differencesOf(before.configuration, configuration);
          await noteDrift(tx, recordActivity, { tenantId, registration, differences, now: clock.now() });
        }
        await keepReading(tx, tenantId, configuration, source);
      });
    },

    async giveUp(admin, change) {
      if (change.state !== 'open') return change;
      return inTransaction(db, async (tx) => {
        const ended = await changes.update(tx, change, { state: 'undone', ended_at: clock.now() });
        await intents.drop(tx, ended);
        await recordActivity(tx, {
          tenantId: change.tenant_id,
          type: 'scope.change_given_up',
          by: admin,
          details: { kind: change.kind, group: change.group.displayName },
        });
        return ended;
      });
    },
  };

  /** A page waits a moment for the count of mailboxes, and shows it next time where the directory takes longer. */
  async function readDirectoryFor(tenantId: TenantId): Promise<void> {
    const read = directory.ensureRead(tenantId, { maxAgeMinutes: directoryMaxAgeMinutes }).then(() => {});
    await Promise.race([read.catch(() => {}), clock.wait(directoryPatienceMs)]);
  }

  async function reachOf(
    tenantId: TenantId,
    permissions: readonly string[] | undefined,
    servicePrincipalId: Awaited<ReturnType<typeof readApplicationGrants>>['servicePrincipalId'],
    reading: Reading | undefined,
  ): Promise<MailboxScope['reach']> {
    const mailboxes = await directory.ids(tenantId);
    if (!permissions || mailboxes.length === 0) return null;
    const configuration = reading?.configuration;
    if (!configuration) {
      // Without Exchange's part, a grant may be confined and a mailbox without one may be opened by a role.
      return { mailboxes: mailboxes.length, reachable: 0, unknown: mailboxes.length };
    }
    const rule = accessConfigurationOf(configuration, {
      appId,
      entraGrants: new Set(permissions),
      ...(servicePrincipalId ? { servicePrincipalId } : {}),
    });
    const membershipOf = indexMembership(configuration);
    let reachable = 0;
    let unknown = 0;
    for (const userId of mailboxes) {
      const answer = reachability(membershipOf(userId), rule);
      if (answer === 'reachable') reachable += 1;
      if (answer === 'unknown') unknown += 1;
    }
    return { mailboxes: mailboxes.length, reachable, unknown };
  }
}

/** Whether every step before this one is done. */
function isReached(step: ScopeStep, change: StoredChange, circumstances: Circumstances): boolean {
  return progressOf(factsOf(change, circumstances), circumstances.now).some(
    (each) => each.step === step && each.state !== 'todo',
  );
}
