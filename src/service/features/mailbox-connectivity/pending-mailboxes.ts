import { type ExpressionBuilder, sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import { exchangeKnowsAt } from '../../../domain/mailbox-scope/propagation.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { intendedSideSql, scopeChangedAtSql } from '../../db/intended-scope.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Db, Schema } from '../../db/schema.ts';
import { inBulkStatement } from '../../db/transaction.ts';
import type { MailboxToProbe } from '../../mailbox-probes/probe-item.ts';
import { isCovered } from './check-coverage.ts';

/** A user `u` whom the run has not judged yet. @param after the page walked past everybody up to here */
export function hasNoResult({ tenant_id: tenantId, id }: StoredCheck, after?: UserId) {
  return ({ not, exists, selectFrom }: ExpressionBuilder<Schema & { u: Schema['users'] }, 'u'>) =>
    not(
      exists(
        selectFrom('check_results as r')
          .select('r.user_id')
          .where('r.tenant_id', '=', tenantId)
          .where('r.check_id', '=', id)
          .whereRef('r.user_id', '=', 'u.id')
          // Known already, but without it the database walks all results so far for each page.
          .$if(after !== undefined, (query) => query.where('r.user_id', '>', after as UserId)),
      ),
    );
}

interface Page {
  readonly registration: RegistrationName;
  /** The last mailbox of the page before. */
  readonly after: UserId | undefined;
  readonly limit: number;
  /** Minutes until a change in Exchange counts as known everywhere. */
  readonly exchangeBoundMinutes: number;
}

/**
 * Mailboxes of an application that a run has not judged yet, with what is to be found of each, by id: in one statement,
 * which lets others go first as those that save do.
 */
export async function pendingMailboxes(
  db: Db,
  check: StoredCheck,
  { registration, after, limit, exchangeBoundMinutes }: Page,
): Promise<MailboxToProbe[]> {
  // Those that are alike in one row: one each would cost more than reading them.
  const query = db
    .with('page', (cte) =>
      cte
        .selectFrom('users as u')
        .innerJoin('organizations as o', (join) =>
          join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
        )
        .select([
          'u.id',
          'u.organization_id',
          intendedSideSql(sql`${check.tenant_id}::uuid`, sql`${registration}::text`, sql.ref('u.id')).as('intended'),
        ])
        .where(isCovered(check))
        .where('o.registration', '=', registration)
        .$if(after !== undefined, (query) => query.where('u.id', '>', after as UserId))
        .where(hasNoResult(check, after))
        .orderBy('u.id')
        .limit(limit),
    )
    .selectFrom('page')
    .innerJoin('organizations as o', (join) =>
      join.on('o.tenant_id', '=', check.tenant_id).onRef('o.id', '=', 'page.organization_id'),
    )
    .select([
      sql<UserId[]>`json_agg(page.id)`.as('userIds'),
      'page.intended',
      'o.capabilities',
      scopeChangedAtSql(check.tenant_id, registration).as('scopeChangedAt'),
      ({ selectFrom }) =>
        selectFrom('consent_changes as c')
          .select((eb) => eb.fn.max('c.expected_by').as('until'))
          .whereRef('c.tenant_id', '=', 'o.tenant_id')
          .whereRef('c.organization_id', '=', 'o.id')
          .where('c.ended_at', 'is', null)
          .as('consentUntil'),
    ])
    .groupBy(['o.tenant_id', 'o.id', 'page.intended']);
  const rows = await inBulkStatement(db, query.compile());
  return rows
    .flatMap(({ userIds, consentUntil, scopeChangedAt, ...alike }) =>
      userIds.map((userId) => ({
        ...alike,
        userId,
        scopeSpreadsUntil: scopeChangedAt ? exchangeKnowsAt(scopeChangedAt, exchangeBoundMinutes) : undefined,
        consentSpreadsUntil: consentUntil ?? undefined,
      })),
    )
    .sort((one, other) => (one.userId < other.userId ? -1 : 1));
}
