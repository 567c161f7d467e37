import type { Selectable } from 'kysely';
import type { ScopeGroup } from '../../../contract/mailbox-scope.ts';
import type { ScopeChangeId, TenantId } from '../../../domain/ids.ts';
import type { ScopeChangeKind, ScopeMechanism } from '../../../domain/mailbox-scope/scope-change.ts';
import type { ScopePlans } from '../../../domain/mailbox-scope/scope-plans.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { isUniqueViolation } from '../../db/constraint.ts';
import type { ScopeChangesTable } from '../../db/schema/mailbox-scope.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';

export type StoredChange = Selectable<ScopeChangesTable>;

/** What becomes known of a change. */
export type ChangeProgress = Partial<
  Pick<
    StoredChange,
    | 'made_at'
    | 'roles_proved'
    | 'caches_know_at'
    | 'grants_gone_at'
    | 'assignments_removed_at'
    | 'policies_removed_at'
    | 'state'
    | 'ended_at'
  >
> & { readonly report?: StoredChange['report'] };

/** Changes of the limit of one application. */
export interface ScopeChangeStore {
  /** The open one, else the latest. */
  latest(tenantId: TenantId): Promise<StoredChange | undefined>;
  find(tenantId: TenantId, id: ScopeChangeId): Promise<StoredChange | undefined>;
  /** @throws AppError `scope.change_open` */
  start(
    admin: Admin,
    change: {
      readonly kind: ScopeChangeKind;
      readonly mechanism: ScopeMechanism;
      readonly list: 'allow' | 'block';
      readonly group: ScopeGroup;
      readonly includesNested: boolean;
      readonly plans: ScopePlans;
    },
  ): Promise<StoredChange>;
  update(tx: Tx, change: StoredChange, progress: ChangeProgress): Promise<StoredChange>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly registration: RegistrationName;
}

export function createScopeChangeStore({ db, clock, recordActivity, registration }: Dependencies): ScopeChangeStore {
  return {
    async latest(tenantId) {
      return db
        .selectFrom('scope_changes')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .orderBy((eb) => eb('state', '=', 'open'), 'desc')
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst();
    },

    async find(tenantId, id) {
      return db
        .selectFrom('scope_changes')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .where('id', '=', id)
        .executeTakeFirst();
    },

    async start(admin, { kind, mechanism, list, group, includesNested, plans }) {
      try {
        return await inTransaction(db, async (tx) => {
          const change = await tx
            .insertInto('scope_changes')
            .values({
              tenant_id: admin.tenantId,
              registration,
              id: crypto.randomUUID() as ScopeChangeId,
              kind,
              mechanism,
              list,
              group: JSON.stringify(group),
              includes_nested: includesNested,
              plans: JSON.stringify(plans),
              report: '[]',
              state: 'open',
              made_at: null,
              roles_proved: null,
              caches_know_at: null,
              grants_gone_at: null,
              assignments_removed_at: null,
              policies_removed_at: null,
              created_at: clock.now(),
              created_by: admin.userId,
              created_by_name: admin.displayName,
              ended_at: null,
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'scope.change_planned',
            by: admin,
            details: { kind, mechanism, list, group: group.displayName },
          });
          return change;
        });
      } catch (error) {
        if (isUniqueViolation(error, 'scope_changes_open')) throw new AppError('scope.change_open');
        throw error;
      }
    },

    async update(tx, change, { report, ...progress }) {
      return tx
        .updateTable('scope_changes')
        .set({ ...progress, ...(report ? { report: JSON.stringify(report) } : {}) })
        .where('tenant_id', '=', change.tenant_id)
        .where('id', '=', change.id)
        .returningAll()
        .executeTakeFirstOrThrow();
    },
  };
}
