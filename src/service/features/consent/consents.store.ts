import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Consent } from '../../../contract/consent.ts';
import {
  type ConsentContext,
  type ConsentFacts,
  type ConsentJudgement,
  differenceOf,
  judgeConsent,
  type RolesAnnounced,
} from '../../../domain/consent/consent-state.ts';
import { nextLookAt } from '../../../domain/consent/propagation.ts';
import type { ConsentChangeId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import { ownRegistration } from '../../../domain/registration.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { intendedSideSql } from '../../db/intended-scope.ts';
import type { ConsentChangesTable } from '../../db/schema/consent.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import { endChange, latestChange, mergeAnnounced, type StoredChange, startChange } from './consent-changes.ts';
import { type ConsentingOrganization, isUsed, readsGroups, usedElsewhere } from './consent-needs.store.ts';
import { notRequested, toContract, toStored, toStoredWithoutNews } from './stored-consent.ts';

export interface ConsentStore {
  get(tenantId: TenantId, organizationId: OrganizationId): Promise<Consent>;
  /**
   * Judges and stores what was gathered, and starts or ends the clock of a change. Its audit row is written for an
   * admin's verification, and for one of the service when the state moved. What was gathered of an application that the
   * organization does not use any more is not kept.
   */
  save(
    organization: ConsentingOrganization,
    facts: ConsentFacts,
    options?: {
      readonly by?: Admin;
      /** When the admin's consent was accepted, if this verification follows one. */
      readonly acceptedAt?: Date | undefined;
      /** What the admin has just granted or removed one by one. */
      readonly changed?: RolesAnnounced | undefined;
      /** The look at a change that this verification is, counted from one. */
      readonly look?: number;
    },
  ): Promise<Consent>;
  /** Forgets what is known of an organization's consent: it was for another application. */
  forget(tx: Tx, tenantId: TenantId, organizationId: OrganizationId): Promise<void>;
  /** Judges every consent of the tenant anew, because what organizations need has changed. */
  judgeAnew(tx: Tx, tenantId: TenantId): Promise<void>;
  /** A change whose clock still runs. */
  findWaiting(
    tenantId: TenantId,
    id: ConsentChangeId,
  ): Promise<{ readonly organization: ConsentingOrganization; readonly change: StoredChange } | undefined>;
  samples(tenantId: TenantId, organizationId: OrganizationId, limit: number): Promise<UserId[]>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly recordActivity: RecordActivity;
}

export const verifyAgainJobName = 'consent.verify-again';

export function createConsentStore({ db, clock, queue, recordActivity }: Dependencies): ConsentStore {
  /** The next look at a change, as a job that starts when it is due. Its id follows from both, so there is one only. */
  async function enqueueLook(tx: Tx, change: StoredChange, look: number, now: Date): Promise<void> {
    const lookAt = nextLookAt(change.changed_at, change.expected_by, now) ?? now;
    const startAfterSeconds = Math.max(1, Math.ceil((lookAt.getTime() - now.getTime()) / 1000));
    const payload = { tenantId: change.tenant_id, changeId: change.id, look };
    await queue.enqueue(tx, { name: verifyAgainJobName }, payload, {
      id: idOf(`${change.id} ${look}`),
      startAfterSeconds,
    });
  }

  return {
    async get(tenantId, organizationId) {
      const row = await findConsent(db, tenantId, organizationId);
      return row ? toContract(row, await latestChange(db, { tenantId, organizationId })) : notRequested;
    },

    async save(organization, facts, { by, acceptedAt, changed, look } = {}) {
      const { tenantId, id: organizationId, capabilities: needed } = organization;
      const ids = { tenantId, organizationId };
      return inTransaction(db, async (tx) => {
        const now = clock.now();
        if (!(await isUsed(tx, organization))) return notRequested;
        const before = await findConsent(tx, tenantId, organizationId);
        const known = await latestChange(tx, ids);
        let change = known?.ended_at ? undefined : known;
        const difference = differenceOf(facts, needed);
        // A difference that has outlived its bound is no news: it stays red until it goes.
        const isNews = difference && !(known?.outcome === 'not_effective' && known.kind === difference);
        const kind = acceptedAt
          ? 'consent_accepted'
          : changed
            ? kindOfRoleChange(changed, change)
            : !change && isNews
              ? difference
              : undefined;
        if (kind) {
          const announced = changed && mergeAnnounced(change?.announced, changed);
          change = await startChange(tx, ids, { kind, changedAt: acceptedAt ?? now, announced });
        }
        if (changed && by) {
          await recordActivity(tx, {
            tenantId,
            type: 'consent.roles_changed',
            by,
            organization,
            details: {
              granted: changed.granted.join(' '),
              revoked: changed.revoked.join(' '),
              ...named(organization),
            },
          });
        }

        const judged = judgeConsent(facts, {
          needed,
          usedElsewhere: await usedElsewhere(tx, organization),
          readsGroups: await readsGroups(tx, organization),
          spreading: spreadingOf(change, now),
          announced: change?.announced ?? undefined,
        });
        const outcome = change && outcomeOf(change, judged, now);
        if (change && outcome) change = await endChange(tx, change, outcome, now);
        else if (change && (kind || look)) await enqueueLook(tx, change, (look ?? 0) + 1, now);

        const isGranted = judged.permissions.some(({ capability, state }) => capability && state === 'granted');
        const found = { ...toStored(judged), facts: JSON.stringify(facts), verified_at: now };
        const values = {
          ...(toStoredWithoutNews(judged, facts, { before, by }) ?? found),
          ...(by && acceptedAt && isGranted
            ? { granted_by: by.userId, granted_by_name: by.displayName, granted_at: now }
            : {}),
        };
        const row = await tx
          .insertInto('consents')
          .values({
            granted_by: null,
            granted_by_name: null,
            granted_at: null,
            ...found,
            ...values,
            tenant_id: tenantId,
            organization_id: organizationId,
          })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'organization_id']).doUpdateSet(values))
          .returningAll()
          .executeTakeFirstOrThrow();
        if (by || before?.state !== row.state) {
          await recordActivity(tx, {
            tenantId,
            type: 'consent.verified',
            ...(by ? { by } : {}),
            organization,
            details: { ...detailsOf(judged, outcome === 'converged' ? change : undefined), ...named(organization) },
          });
        }
        return toContract(row, change ?? known);
      });
    },

    async forget(tx, tenantId, organizationId) {
      for (const table of ['consents', 'consent_changes', 'consent_attempts'] as const) {
        await tx
          .deleteFrom(table)
          .where('tenant_id', '=', tenantId)
          .where('organization_id', '=', organizationId)
          .execute();
      }
    },

    async judgeAnew(tx, tenantId) {
      const rows = await tx
        .selectFrom('consents as c')
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'c.tenant_id').onRef('o.id', '=', 'c.organization_id'),
        )
        .select(['c.organization_id', 'c.facts', 'o.capabilities', 'o.registration'])
        .where('c.tenant_id', '=', tenantId)
        .execute();
      for (const { organization_id: organizationId, facts, capabilities: needed, registration } of rows) {
        if (!facts) continue;
        const known = await latestChange(tx, { tenantId, organizationId });
        const judged = judgeConsent(facts, {
          needed,
          usedElsewhere: await usedElsewhere(tx, { tenantId, id: organizationId, registration }),
          readsGroups: await readsGroups(tx, { tenantId, registration }),
          spreading: spreadingOf(known?.ended_at ? undefined : known, clock.now()),
          announced: (known?.ended_at ? undefined : known?.announced) ?? undefined,
        });
        await tx
          .updateTable('consents')
          .set(toStored(judged))
          .where('tenant_id', '=', tenantId)
          .where('organization_id', '=', organizationId)
          .execute();
      }
    },

    async findWaiting(tenantId, id) {
      const row = await db
        .selectFrom('consent_changes as c')
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'c.tenant_id').onRef('o.id', '=', 'c.organization_id'),
        )
        .selectAll('c')
        .select(['o.name', 'o.capabilities', 'o.registration'])
        .where('c.tenant_id', '=', tenantId)
        .where('c.id', '=', id)
        .where('c.ended_at', 'is', null)
        .executeTakeFirst();
      if (!row) return undefined;
      const { name, capabilities, registration, ...change } = row;
      return { organization: { tenantId, id: row.organization_id, name, registration, capabilities }, change };
    },

    async samples(tenantId, organizationId, limit) {
      const rows = await db
        .selectFrom('users as u')
        .innerJoin('mailbox_access as a', (join) =>
          join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
        )
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
        )
        .select('u.id')
        .where('u.tenant_id', '=', tenantId)
        .where('u.organization_id', '=', organizationId)
        // Outside the limit a feature is closed on purpose, which says nothing of the consent.
        .orderBy(
          sql`case when ${intendedSideSql(sql.ref('u.tenant_id'), sql.ref('o.registration'), sql.ref('u.id'))} = 'outside' then 1 else 0 end`,
        )
        .orderBy(sql`case when a.status in ('working', 'limited') then 0 else 1 end`)
        .orderBy('u.id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

/** Audit rows of another application than the service's own one name it. */
function named({ registration }: Pick<ConsentingOrganization, 'registration'>): { registration?: string } {
  return registration === ownRegistration ? {} : { registration };
}

function findConsent(db: Db | Tx, tenantId: TenantId, organizationId: OrganizationId) {
  return db
    .selectFrom('consents')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}

function spreadingOf(change: StoredChange | undefined, now: Date): ConsentContext['spreading'] {
  if (!change || now >= change.expected_by) return undefined;
  return change.kind === 'consent_accepted' ? 'accepted_consent' : 'other';
}

/** How the clock of a change ends with this judgement; undefined while it runs on. */
function outcomeOf(
  change: StoredChange,
  { permissions, problem }: ConsentJudgement,
  now: Date,
): 'converged' | 'not_effective' | 'not_known' | undefined {
  const isOver = now >= change.expected_by;
  const isMissing = permissions.some(({ capability, state }) => capability && state === 'missing');
  if (problem) return isOver ? (problem === 'application_unknown' ? 'not_effective' : 'not_known') : undefined;
  if (permissions.some(({ state }) => state === 'waiting')) return undefined;
  // What was granted may come until then; what was revoked is missing at once, as it should be.
  if (isMissing && !isOver && change.kind !== 'roles_revoked') return undefined;
  return isOver && isMissing ? 'not_effective' : 'converged';
}

/** A change after an accepted consent that is still spreading leaves that one's promise standing. */
function kindOfRoleChange({ granted }: RolesAnnounced, running: StoredChange | undefined): ConsentChangesTable['kind'] {
  if (running?.kind === 'consent_accepted') return 'consent_accepted';
  return granted.length > 0 ? 'roles_granted' : 'roles_revoked';
}

/** The same UUID for the same text. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function detailsOf({ state, problem, permissions }: ConsentJudgement, converged: StoredChange | undefined) {
  const count = (wanted: string) => permissions.filter((permission) => permission.state === wanted).length;
  return {
    state,
    ...(problem ? { problem } : {}),
    granted: count('granted'),
    missing: count('missing'),
    excess: count('excess'),
    ...(converged?.ended_at
      ? { convergedAfterSeconds: Math.round((converged.ended_at.getTime() - converged.changed_at.getTime()) / 1000) }
      : {}),
  };
}
