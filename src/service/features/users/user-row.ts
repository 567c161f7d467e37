import { type ExpressionBuilder, type InferResult, sql } from 'kysely';
import type { User } from '../../../contract/users.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import type { Db, Schema } from '../../db/schema.ts';
import { uuidList } from '../../db/sql-list.ts';

/** Users as the contract shows them; who is not there any more is missing. */
export async function readUsers(
  db: Db,
  tenantId: TenantId,
  ids: readonly UserId[],
): Promise<ReadonlyMap<UserId, User>> {
  if (ids.length === 0) return new Map();
  // As one text: to hand over each cell of a page from the database's thread takes longer than to read it.
  const selected = selectUsers(db, tenantId).where('u.id', '=', sql<UserId>`any(${uuidList(ids)})`);
  const { rows } = await db
    .selectFrom(selected.as('read'))
    .select(sql<string | null>`json_agg(read)::text`.as('rows'))
    .executeTakeFirstOrThrow();
  const read = JSON.parse(rows ?? '[]') as AsJson<UserRow>[];
  return new Map(read.map((row) => [row.id, toUser(row)]));
}

/** Users of a tenant, as `u`, with organization `o`, standing verdict `a` and synchronization `s`. */
function selectUsers(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('users as u')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
    )
    .innerJoin('mailbox_access as a', (join) =>
      join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
    )
    .innerJoin('mailbox_syncs as s', (join) =>
      join.onRef('s.tenant_id', '=', 'u.tenant_id').onRef('s.user_id', '=', 'u.id'),
    )
    .leftJoin('directory_mailboxes as d', (join) =>
      join.onRef('d.tenant_id', '=', 'u.tenant_id').onRef('d.user_id', '=', 'u.id'),
    )
    .select([
      'u.id',
      'u.display_name',
      'u.user_principal_name',
      'u.mail',
      'u.organization_id',
      'u.connection_type',
      'u.mailbox_state',
      'u.sync_enabled',
      'u.created_at',
      'u.updated_at',
      'o.name as organization_name',
      'o.sync_enabled as organization_sync_enabled',
      'a.status',
      'a.reason',
      'a.checked_at',
      'a.attempt_reason',
      'a.attempt_at',
      'a.rescheduled_until',
      's.last_sync_at',
      's.open_issues',
      'd.account_enabled',
      'd.is_licensed',
      'd.is_shared',
      disabledDueTo,
    ])
    .where('u.tenant_id', '=', tenantId);
}

/** Of a mailbox that is disabled due to an error, the one that was seen last. */
function disabledDueTo(eb: ExpressionBuilder<Schema & { u: Schema['users'] }, 'u'>) {
  return eb
    .selectFrom('sync_errors as e')
    .select('e.reason')
    .whereRef('e.tenant_id', '=', 'u.tenant_id')
    .whereRef('e.user_id', '=', 'u.id')
    .where('u.mailbox_state', '=', 'disabled_due_to_error')
    .where('e.resolved_at', 'is', null)
    .where('e.reason', '<>', '')
    .orderBy('e.last_seen_at', 'desc')
    .limit(1)
    .as('disabled_due_to');
}

type UserRow = InferResult<ReturnType<typeof selectUsers>>[number];

/** Instants come as texts with an offset. */
type AsJson<Row> = { [Name in keyof Row]: Date extends Row[Name] ? string | Exclude<Row[Name], Date> : Row[Name] };

function toUser(row: AsJson<UserRow>): User {
  const { attempt_reason: attemptReason, attempt_at: attemptAt } = row;
  return {
    id: row.id,
    displayName: row.display_name,
    userPrincipalName: row.user_principal_name,
    mail: row.mail,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    connectionType: row.connection_type,
    mailboxState: row.mailbox_state,
    syncEnabled: row.organization_sync_enabled && row.sync_enabled,
    syncSwitches: { user: row.sync_enabled, organization: row.organization_sync_enabled },
    openIssues: row.open_issues,
    access: {
      status: row.status,
      reason: row.reason,
      checkedAt: instantOf(row.checked_at),
      lastAttempt: attemptReason && attemptAt ? { reason: attemptReason, at: instantOf(attemptAt) } : null,
      rescheduledUntil: instantOf(row.rescheduled_until),
    },
    lastSyncAt: instantOf(row.last_sync_at),
    createdAt: instantOf(row.created_at),
    updatedAt: instantOf(row.updated_at),
    disabledDueTo: row.disabled_due_to || null,
    directory: {
      isLicensed: row.is_licensed,
      accountEnabled: row.account_enabled,
      mailboxType: row.is_shared === null ? null : row.is_shared ? 'shared' : 'user',
    },
  };
}

function instantOf(instant: string): string;
function instantOf(instant: string | null): string | null;
function instantOf(instant: string | null): string | null {
  return instant && new Date(instant).toISOString();
}
