import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import type { ScopeDriftId, TenantId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { Difference, HeldPermissions } from '../../../domain/mailbox-scope/drift.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { noteDrift } from './drift-findings.ts';

/** What the last verification knew of the application's permissions. */
export interface KnownGrants {
  readonly held: HeldPermissions;
  /** What kept it from being whole, such as a token that Entra did not give. */
  readonly problem: string | null;
  /** Features of the tenant's organizations on Microsoft Graph. */
  readonly used: readonly Capability[];
  /** The change of a limit is under way, or took grants away after the verification: their removal is ours. */
  readonly removesGrants: boolean;
}

/** What changed for one application in Microsoft 365 and not through this product. */
export interface DriftStore {
  listOpen(tenantId: TenantId): Promise<MailboxScope['drifts']>;
  /** @throws AppError `scope.drift_not_found` */
  dismiss(admin: Admin, id: ScopeDriftId): Promise<void>;
  /** Stores differences in a transaction of their own; see `noteDrift` for one of the caller's. */
  note(tenantId: TenantId, differences: readonly Difference[]): Promise<void>;
  /** Undefined before the first verification, and while a change of consent is on its way: its own clock looks. */
  knownGrants(tenantId: TenantId): Promise<KnownGrants | undefined>;
  /** Whether a limit is intended and no change of it is under way. */
  isLimitSettled(tenantId: TenantId): Promise<boolean>;
  hasOpenChange(tenantId: TenantId): Promise<boolean>;
}

export interface DriftDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly registration: RegistrationName;
}

export function createDriftStore({ db, clock, recordActivity, registration }: DriftDependencies): DriftStore {
  async function hasOpenChange(tenantId: TenantId): Promise<boolean> {
    const open = await db
      .selectFrom('scope_changes')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('registration', '=', registration)
      .where('state', '=', 'open')
      .executeTakeFirst();
    return open !== undefined;
  }

  return {
    hasOpenChange,

    async listOpen(tenantId) {
      const rows = await db
        .selectFrom('scope_drifts')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .where('dismissed_at', 'is', null)
        .orderBy('found_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(({ id, what, subject, capabilities, by, found_at }) => ({
        id,
        what,
        subject,
        capabilities,
        by,
        foundAt: found_at.toISOString(),
      }));
    },

    async dismiss(admin, id) {
      await inTransaction(db, async (tx) => {
        const dismissed = await tx
          .updateTable('scope_drifts')
          .set({ dismissed_at: clock.now() })
          .where('tenant_id', '=', admin.tenantId)
          .where('registration', '=', registration)
          .where('id', '=', id)
          .where('dismissed_at', 'is', null)
          .returning(['what', 'subject'])
          .executeTakeFirst();
        if (!dismissed) throw new AppError('scope.drift_not_found');
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'drift.dismissed',
          by: admin,
          details: dismissed,
        });
      });
    },

    async note(tenantId, differences) {
      if (differences.length === 0) return;
      await inTransaction(db, (tx) =>
        noteDrift(tx, recordActivity, { tenantId, registration, differences, now: clock.now() }),
      );
    },

    async knownGrants(tenantId) {
      const onItsWay = await db
        .selectFrom('consent_changes as c')
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'c.tenant_id').onRef('o.id', '=', 'c.organization_id'),
        )
        .select('c.id')
        .where('c.tenant_id', '=', tenantId)
        .where('o.registration', '=', registration)
        .where('c.ended_at', 'is', null)
        .executeTakeFirst();
      if (onItsWay) return undefined;
      const rows = await db
        .selectFrom('organizations as o')
        .leftJoin('consents as c', (join) =>
          join.onRef('c.tenant_id', '=', 'o.tenant_id').onRef('c.organization_id', '=', 'o.id'),
        )
        .select(['o.capabilities', 'c.facts', 'c.problem', 'c.verified_at'])
        .where('o.tenant_id', '=', tenantId)
        .where('o.registration', '=', registration)
        .where('o.connection_type', '=', 'graph_app_only')
        .orderBy('c.verified_at', (order) => order.desc().nullsLast())
        .execute();
      // One application serves them: the newest verification of any of them is the truth about it.
      const newest = rows.find(({ facts }) => facts !== null);
      if (!newest?.facts || !newest.verified_at) return undefined;
      const removing = await db
        .selectFrom('scope_changes')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .where((eb) => eb.or([eb('state', '=', 'open'), eb('grants_gone_at', '>=', newest.verified_at)]))
        .executeTakeFirst();
      return {
        held: { assignments: newest.facts.assignments, roles: newest.facts.roles },
        problem: newest.problem,
        used: [...new Set(rows.flatMap(({ capabilities }) => capabilities))],
        removesGrants: removing !== undefined,
      };
    },

    async isLimitSettled(tenantId) {
      const scope = await db
        .selectFrom('mailbox_scopes')
        .select('tenant_id')
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .executeTakeFirst();
      return scope !== undefined && !(await hasOpenChange(tenantId));
    },
  };
}
