import type { Selectable } from 'kysely';
import type { Consent } from '../../../contract/consent.ts';
import {
  type ConsentState,
  compareGrants,
  consentStateOf,
  type PermissionGrant,
} from '../../../domain/consent/consent-state.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { ConsentsTable, Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { TokenOutcome } from '../../entra/token-outcome.ts';

/** What the consent of an organization needs to know of it. */
export interface ConsentingOrganization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly capabilities: readonly Capability[];
}

/** What a fresh token, or its refusal, says about the application's grants. */
export interface VerifiedGrants {
  readonly state: ConsentState;
  readonly problem: Consent['problem'];
  readonly permissions: readonly PermissionGrant[];
}

/**
 * Judges a token that was just asked for. A token without roles is issued for every application that is in the tenant:
 * it proves that nothing is granted, and a redirect proves nothing at all.
 */
export function judgeGrants(outcome: TokenOutcome, needed: readonly Capability[]): VerifiedGrants {
  if (outcome.kind === 'token' && outcome.roles) {
    const permissions = compareGrants(outcome.roles, needed);
    return { state: consentStateOf(permissions), problem: null, permissions };
  }
  const nothing = compareGrants([], needed);
  if (outcome.kind === 'token') return { state: 'unknown', problem: null, permissions: [] };
  const isShutOut = outcome.problem === 'application_unknown' || outcome.problem === 'application_disabled';
  return {
    state: isShutOut ? 'not_authorized' : 'unknown',
    problem: outcome.problem,
    permissions: outcome.problem === 'application_unknown' ? nothing : [],
  };
}

export interface ConsentStore {
  get(tenantId: TenantId, organizationId: OrganizationId): Promise<Consent>;
  /** Stores what was verified, with its audit row. `grantedBy`: the admin whose consent led here. */
  save(
    admin: Admin,
    organization: ConsentingOrganization,
    grants: VerifiedGrants,
    options: { readonly grantedBy?: Admin },
  ): Promise<Consent>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
}

export function createConsentStore({ db, clock, recordActivity }: Dependencies): ConsentStore {
  return {
    async get(tenantId, organizationId) {
      const row = await db
        .selectFrom('consents')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('organization_id', '=', organizationId)
        .executeTakeFirst();
      return row ? toContract(row) : notRequested;
    },

    async save(admin, organization, grants, { grantedBy }) {
      const now = clock.now();
      const values = {
        state: grants.state,
        problem: grants.problem,
        permissions: JSON.stringify(grants.permissions),
        verified_at: now,
        ...(grantedBy ? { granted_by: grantedBy.userId, granted_by_name: grantedBy.displayName, granted_at: now } : {}),
      };
      return inTransaction(db, async (tx) => {
        const row = await tx
          .insertInto('consents')
          .values({
            granted_by: null,
            granted_by_name: null,
            granted_at: null,
            ...values,
            tenant_id: admin.tenantId,
            organization_id: organization.id,
          })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'organization_id']).doUpdateSet(values))
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'consent.verified',
          by: admin,
          organization,
          details: {
            state: grants.state,
            ...(grants.problem ? { problem: grants.problem } : {}),
            granted: grants.permissions.filter(({ state }) => state === 'granted').length,
            missing: grants.permissions.filter(({ state }) => state === 'missing').length,
            excess: grants.permissions.filter(({ state }) => state === 'excess').length,
          },
        });
        return toContract(row);
      });
    },
  };
}

const notRequested: Consent = {
  state: 'not_requested',
  problem: null,
  permissions: [],
  verifiedAt: null,
  grantedBy: null,
  grantedAt: null,
};

function toContract(row: Selectable<ConsentsTable>): Consent {
  return {
    state: row.state,
    problem: row.problem as Consent['problem'],
    permissions: row.permissions.map(({ permission, capability, state }) => ({
      permission,
      capability: capability ?? null,
      state,
    })),
    verifiedAt: row.verified_at?.toISOString() ?? null,
    grantedBy: row.granted_by ? { userId: row.granted_by, displayName: row.granted_by_name ?? '' } : null,
    grantedAt: row.granted_at?.toISOString() ?? null,
  };
}
