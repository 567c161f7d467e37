import { createHash, randomBytes } from 'node:crypto';
import { consentAttemptMinutes } from '../../../domain/consent/propagation.ts';
import type { ConsentAttemptId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { ParkedCallback } from '../../db/schema/consent.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';

const lifetimeMs = consentAttemptMinutes * 60_000;

export interface StartedAttempt {
  readonly attemptId: ConsentAttemptId;
  /** 256 random bits, single use; only its hash is stored. */
  readonly state: string;
  readonly expiresAt: Date;
}

export type Redemption =
  | { readonly kind: 'not_found' }
  | { readonly kind: 'expired' }
  /** Microsoft's redirect has not come (yet); the attempt stays open. */
  | { readonly kind: 'no_answer' }
  /** `isFirst`: this call used the attempt up. Later ones see the same callback. */
  | { readonly kind: 'answered'; readonly callback: ParkedCallback; readonly isFirst: boolean };

export interface ConsentAttemptStore {
  start(
    admin: Admin,
    organization: { readonly id: OrganizationId; readonly name: string; readonly registration: RegistrationName },
    details: { readonly returnTo: string },
  ): Promise<StartedAttempt>;
  /**
   * The tenant whose dialog a state opens, and the application that is consented to; undefined for a state that is
   * unknown, used or too old.
   */
  dialogOf(
    state: string,
  ): Promise<{ readonly tenantId: TenantId; readonly registration: RegistrationName } | undefined>;
  /**
   * Keeps what the redirect said, once. A redirect that comes again or too late is recorded for the tenant of its state.
   * @returns whether it was kept; for our log, never for whoever sent it
   */
  park(state: string, callback: ParkedCallback): Promise<'kept' | 'used' | 'expired' | 'unknown'>;
  /** Only for the admin who started it. */
  redeem(
    admin: Admin,
    organization: { readonly id: OrganizationId; readonly name: string },
    attemptId: ConsentAttemptId,
    outcomeOf: (callback: ParkedCallback) => string,
  ): Promise<Redemption>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
}

/** Attempts of admins to grant consent in Microsoft's dialog. */
export function createConsentAttemptStore({ db, clock, recordActivity }: Dependencies): ConsentAttemptStore {
  return {
    async start(admin, organization, { returnTo }) {
      const state = randomBytes(32).toString('base64url');
      const attemptId = crypto.randomUUID() as ConsentAttemptId;
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + lifetimeMs);
      await inTransaction(db, async (tx) => {
        await tx
          .insertInto('consent_attempts')
          .values({
            tenant_id: admin.tenantId,
            id: attemptId,
            organization_id: organization.id,
            user_id: admin.userId,
            state_hash: hash(state),
            created_at: now,
            expires_at: expiresAt,
            callback: null,
            callback_at: null,
            redeemed_at: null,
          })
          .execute();
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'consent.started',
          by: admin,
          organization,
          details: { returnTo, ...(organization.registration ? { registration: organization.registration } : {}) },
        });
      });
      return { attemptId, state, expiresAt };
    },

    async dialogOf(state) {
      return db
        .selectFrom('consent_attempts as a')
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'a.tenant_id').onRef('o.id', '=', 'a.organization_id'),
        )
        .select(['a.tenant_id as tenantId', 'o.registration'])
        .where('a.state_hash', '=', hash(state))
        .where('a.expires_at', '>', clock.now())
        .where('a.callback_at', 'is', null)
        .executeTakeFirst();
    },

    async park(state, callback) {
      const now = clock.now();
      return inTransaction(db, async (tx) => {
        const attempt = await tx
          .selectFrom('consent_attempts as a')
          .innerJoin('organizations as o', (join) =>
            join.onRef('o.tenant_id', '=', 'a.tenant_id').onRef('o.id', '=', 'a.organization_id'),
          )
          .select(['a.tenant_id', 'a.id', 'a.expires_at', 'a.callback_at', 'o.id as organization_id', 'o.name'])
          .where('a.state_hash', '=', hash(state))
          .forUpdate('a')
          .executeTakeFirst();
        if (!attempt) return 'unknown';
        // The first one wins: a copy of the redirect's address changes nothing.
        const why = attempt.callback_at ? 'used' : attempt.expires_at <= now ? 'expired' : undefined;
        if (why) {
          await recordActivity(tx, {
            tenantId: attempt.tenant_id,
            type: 'consent.callback_rejected',
            organization: { id: attempt.organization_id, name: attempt.name },
            details: { why },
          });
          return why;
        }
        await tx
          .updateTable('consent_attempts')
          .set({ callback: JSON.stringify(callback), callback_at: now })
          .where('tenant_id', '=', attempt.tenant_id)
          .where('id', '=', attempt.id)
          .execute();
        return 'kept';
      });
    },

    async redeem(admin, organization, attemptId, outcomeOf) {
      return inTransaction(db, async (tx) => {
        const attempt = await tx
          .selectFrom('consent_attempts')
          .selectAll()
          .where('tenant_id', '=', admin.tenantId)
          .where('id', '=', attemptId)
          .where('organization_id', '=', organization.id)
          .where('user_id', '=', admin.userId)
          .forUpdate()
          .executeTakeFirst();
        if (!attempt) return { kind: 'not_found' };
        const now = clock.now();
        if (!attempt.callback) return { kind: attempt.expires_at > now ? 'no_answer' : 'expired' };
        if (attempt.redeemed_at) return { kind: 'answered', callback: attempt.callback, isFirst: false };
        await tx
          .updateTable('consent_attempts')
          .set({ redeemed_at: now })
          .where('tenant_id', '=', admin.tenantId)
          .where('id', '=', attemptId)
          .execute();
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'consent.redeemed',
          by: admin,
          organization,
          details: {
            outcome: outcomeOf(attempt.callback),
            ...(attempt.callback.entraCode ? { entraCode: attempt.callback.entraCode } : {}),
          },
        });
        return { kind: 'answered', callback: attempt.callback, isFirst: true };
      });
    },
  };
}

function hash(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}
