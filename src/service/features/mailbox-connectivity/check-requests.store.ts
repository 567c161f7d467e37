import { createHash } from 'node:crypto';
import type { CheckScope, ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { RingName } from '../../../domain/ews-migration/migration-state.ts';
import type { CheckId, EwsMigrationId, GroupId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import { isOpen, openRunStates } from '../../../domain/mailbox-connectivity/run-state.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin, Starter } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import { passStep } from '../../steps.ts';
import { type Coverage, isCovered } from './check-coverage.ts';
import { reportsOf } from './check-reports.store.ts';
import { enqueueRescheduled, takeRescheduled } from './rescheduled-mailboxes.ts';

interface Named {
  readonly id: OrganizationId;
  readonly name: string;
}

export interface StartedCheck {
  readonly check: ConnectivityCheck;
  /** Whether it was going on already. */
  readonly joined: boolean;
}

/** What an admin asks for: each saves the run, its audit row and its job together, or joins the same one. */
export interface CheckRequests {
  /** @throws AppError `check.nobody`, `user.not_found` */
  start(
    admin: Admin,
    organization: Named,
    options: {
      readonly userIds?: readonly UserId[] | undefined;
      /** Whose members `userIds` are: who is not in the organization is left out. */
      readonly group?: { readonly id: GroupId; readonly displayName: string } | undefined;
      readonly changeConnection: boolean;
    },
  ): Promise<StartedCheck>;
  /** Everybody in every organization that uses Graph. @throws AppError `check.nobody` */
  startForTenant(admin: Admin, options: { readonly changeConnection: boolean }): Promise<StartedCheck>;
  /**
   * The users who are switching in a ring of a migration, in the transaction that starts it.
   * @returns undefined when nobody of them is there any more
   */
  startRing(
    tx: Tx,
    startedBy: Starter,
    organization: Named,
    ring: { readonly migrationId: EwsMigrationId; readonly name: RingName },
  ): Promise<CheckId | undefined>;
  /**
   * Users of an organization, in the transaction of the command that asks for it.
   * @param isNamed whether an admin chose each of them, and not a filter
   */
  startInBatch(
    tx: Tx,
    admin: Starter,
    organization: Named,
    userIds: readonly UserId[],
    isNamed: boolean,
  ): Promise<StartedCheck>;
  /** Those of whom an ended run could not tell. @throws AppError `check.not_found`, `check.not_ended`, `check.nothing_to_retry` */
  retry(admin: Admin, id: CheckId): Promise<StartedCheck>;
  /**
   * Those of a run whom Microsoft put off until now. It switches nobody whose ring went back, and of a ring nobody.
   * @param isAllowed whether anybody may be checked; otherwise nobody is asked again
   */
  startRescheduled(tenantId: TenantId, id: CheckId, isAllowed: boolean): Promise<void>;
}

export interface CheckRequestDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
  /** Told in the transaction in which the check of a migration's ring ends. */
  readonly onRingCheckEnded: (tx: Tx, check: StoredCheck) => Promise<void>;
}

export const checkJobName = 'mailbox-connectivity.check-mailboxes';
export const urgentCheckJobName = 'mailbox-connectivity.check-few-mailboxes';

/** So few mailboxes are a check that an admin waits for: one batch. */
const mostUrgentMailboxes = 20;

/** Whether a run overtakes those that take long. */
export function isUrgent({ selection }: Pick<StoredCheck, 'selection'>): boolean {
  return selection !== null && selection.length <= mostUrgentMailboxes;
}

/** Puts a run behind the others that wait; the long runs of one tenant go one after the other. */
export function enqueueCheck(
  tx: Tx,
  queue: Pick<Queue, 'enqueue'>,
  check: Pick<StoredCheck, 'tenant_id' | 'id' | 'selection'>,
): Promise<void> {
  const payload = { tenantId: check.tenant_id, checkId: check.id };
  if (isUrgent(check)) return queue.enqueue(tx, { name: urgentCheckJobName }, payload);
  return queue.enqueue(tx, { name: checkJobName }, payload, { key: check.tenant_id });
}

interface NewCheck {
  readonly scope: CheckScope;
  readonly covers: string;
  readonly organization?: Named | undefined;
  readonly selection?: readonly UserId[] | undefined;
  readonly groupName?: string | undefined;
  readonly retryOf?: CheckId | undefined;
  /** How often its mailboxes were put off before: it starts by itself. */
  readonly reschedules?: number | undefined;
  readonly ring?: { readonly migrationId: EwsMigrationId; readonly name: RingName } | undefined;
  readonly changesConnection: boolean;
  /** Whether it also switches users whose ring went back: only where an admin named them, or has the ring go again. */
  readonly switchesReturned: boolean;
}

export function createCheckRequests({ db, clock, queue, recordActivity }: CheckRequestDependencies): CheckRequests {
  async function create(tx: Tx, admin: Starter, wanted: NewCheck): Promise<StartedCheck> {
    const coverage: Coverage = {
      tenant_id: admin.tenantId,
      organization_id: wanted.organization?.id ?? null,
      selection: wanted.selection ? [...wanted.selection] : null,
      retry_of: wanted.retryOf ?? null,
      migration_id: wanted.ring?.migrationId ?? null,
      ring: wanted.ring?.name ?? null,
      created_at: clock.now(),
    };
    const total = await countCovered(tx, coverage);
    if (wanted.scope === 'selection' && total < (wanted.selection?.length ?? 0)) throw new AppError('user.not_found');
    if (total === 0) throw new AppError(wanted.scope === 'retry' ? 'check.nothing_to_retry' : 'check.nobody');

    const created = await tx
      .insertInto('checks')
      .values({
        ...coverage,
        id: crypto.randomUUID() as CheckId,
        scope: wanted.scope,
        covers: wanted.covers,
        state: 'queued',
        paused_because: null,
        changes_connection: wanted.changesConnection,
        switches_returned: wanted.switchesReturned,
        group_name: wanted.groupName ?? null,
        reschedules: wanted.reschedules ?? 0,
        total,
        throttled_until: null,
        mailboxes_per_second: null,
        started_by: admin.userId,
        started_by_name: admin.displayName,
        started_at: null,
        finished_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    const row = created ?? (await findOpen(tx, admin, wanted.covers));
    // The other one ended between the two statements: the caller's next click starts a new one.
    if (!row) throw new AppError('service.unavailable', { retryAfterSeconds: 1 });
    if (created) {
      passStep('check.starting');
      await enqueueCheck(tx, queue, created);
      await recordActivity(tx, {
        tenantId: admin.tenantId,
        type: 'check.started',
        // A ring starts by itself; the activity of its migration says who wanted that.
        ...(wanted.ring || wanted.reschedules ? {} : { by: admin }),
        ...(wanted.organization ? { organization: wanted.organization } : {}),
        details: {
          scope: wanted.scope,
          mailboxes: total,
          changesConnection: wanted.changesConnection,
          ...(wanted.groupName ? { group: wanted.groupName } : {}),
        },
      });
    }
    const [check] = await reportsOf(tx, [row]);
    if (!check) throw new Error('A check that was just read is gone');
    return { check, joined: !created };
  }

  return {
    start(admin, organization, { userIds, group, changeConnection }) {
      const selection = userIds && [...new Set(userIds)].sort();
      return inTransaction(db, (tx) =>
        create(tx, admin, {
          organization,
          changesConnection: changeConnection,
          switchesReturned: selection !== undefined && group === undefined,
          ...(group && selection
            ? {
                scope: 'group',
                covers: `group ${group.id} ${organization.id}`,
                groupName: group.displayName,
                selection,
              }
            : selection
              ? { scope: 'selection', covers: coversOf(organization, selection), selection }
              : { scope: 'organization', covers: `organization ${organization.id}` }),
        }),
      );
    },

    startInBatch(tx, admin, organization, userIds, isNamed) {
      const selection = [...userIds].sort();
      const covers = coversOf(organization, selection);
      const whom = { organization, scope: 'selection', covers, selection } as const;
      return create(tx, admin, { ...whom, changesConnection: true, switchesReturned: isNamed });
    },

    startForTenant(admin, { changeConnection }) {
      return inTransaction(db, (tx) =>
        create(tx, admin, {
          scope: 'tenant',
          covers: 'tenant',
          changesConnection: changeConnection,
          switchesReturned: false,
        }),
      );
    },

    async startRing(tx, startedBy, organization, ring) {
      try {
        const { check } = await create(tx, startedBy, {
          scope: 'ring',
          covers: `ring ${ring.migrationId} ${ring.name}`,
          organization,
          ring,
          changesConnection: true,
          switchesReturned: true,
        });
        return check.id;
      } catch (error) {
        if (error instanceof AppError && error.code === 'check.nobody') return undefined;
        throw error;
      }
    },

    retry(admin, id) {
      return inTransaction(db, async (tx) => {
        const before = await tx
          .selectFrom('checks as c')
          .leftJoin('organizations as o', (join) =>
            join.onRef('o.tenant_id', '=', 'c.tenant_id').onRef('o.id', '=', 'c.organization_id'),
          )
          .select(['c.state', 'c.changes_connection', 'c.switches_returned', 'c.organization_id', 'o.name'])
          .where('c.tenant_id', '=', admin.tenantId)
          .where('c.id', '=', id)
          .executeTakeFirst();
        if (!before) throw new AppError('check.not_found');
        if (isOpen(before.state)) throw new AppError('check.not_ended');
        const { organization_id: organizationId, name } = before;
        return create(tx, admin, {
          scope: 'retry',
          covers: `retry ${id}`,
          retryOf: id,
          ...(organizationId && name !== null ? { organization: { id: organizationId, name } } : {}),
          changesConnection: before.changes_connection,
          switchesReturned: before.switches_returned,
        });
      });
    },

    startRescheduled(tenantId, id, isAllowed) {
      return inTransaction(db, async (tx) => {
        const now = clock.now();
        // Locked: of two jobs that do the same, the second finds nobody.
        const before = await tx
          .selectFrom('checks as c')
          .leftJoin('organizations as o', (join) =>
            join.onRef('o.tenant_id', '=', 'c.tenant_id').onRef('o.id', '=', 'c.organization_id'),
          )
          .selectAll('c')
          .select('o.name')
          .where('c.tenant_id', '=', tenantId)
          .where('c.id', '=', id)
          .forNoKeyUpdate('c')
          .executeTakeFirst();
        const selection = await takeRescheduled(tx, { tenant_id: tenantId, id }, before && isAllowed ? now : undefined);
        if (!before || !isAllowed) return;
        await enqueueRescheduled(tx, queue, before, { now, afterOthers: selection.length > 0 });
        const { organization_id: organizationId, name } = before;
        try {
          await create(
            tx,
            { tenantId, userId: before.started_by, displayName: before.started_by_name },
            {
              scope: 'retry',
              covers: `rescheduled ${id} ${now.toISOString()}`,
              retryOf: id,
              selection: selection.sort(),
              reschedules: before.reschedules + 1,
              ...(organizationId && name !== null ? { organization: { id: organizationId, name } } : {}),
              changesConnection: before.changes_connection && before.migration_id === null,
              switchesReturned: false,
            },
          );
        } catch (error) {
          // Whom it would ask has left meanwhile.
          if (!(error instanceof AppError && error.code === 'check.nothing_to_retry')) throw error;
        }
      });
    },
  };
}

async function countCovered(tx: Tx, coverage: Coverage): Promise<number> {
  const { count } = await tx
    .selectFrom('users as u')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(isCovered(coverage))
    .executeTakeFirstOrThrow();
  return count;
}

function findOpen(tx: Tx, admin: Starter, covers: string): Promise<StoredCheck | undefined> {
  return tx
    .selectFrom('checks')
    .selectAll()
    .where('tenant_id', '=', admin.tenantId)
    .where('covers', '=', covers)
    .where('state', 'in', openRunStates)
    .executeTakeFirst();
}

function coversOf({ id }: Named, selection: readonly UserId[]): string {
  return `users ${id} ${createHash('sha256').update(selection.join()).digest('hex')}`;
}
