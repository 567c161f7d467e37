import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { User } from '../../../contract/users.ts';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import type { Db, Schema } from '../../db/schema.ts';
import { uuidList } from '../../db/sql-list.ts';
import type { KeyedId } from './user-keyset.ts';

export type UsersById = ReadonlyMap<UserId, User>;

/** Users as the contract shows them; who is not there any more is missing. */
export async function readUsers(db: Db, tenantId: TenantId, ids: readonly UserId[]): Promise<UsersById> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ users: string | null }>`
    select users_as_json(${tenantId}, ${uuidList(ids)}) as users
  `.execute(db);
  return usersOf(rows[0]?.users ?? null);
}

/** A page and its users in one question, which waits once at most for bulk work. @param page ids in order */
export async function readWithUsers(
  db: Db,
  tenantId: TenantId,
  page: RawBuilder<KeyedId>,
): Promise<{ readonly rows: readonly KeyedId[]; readonly users: UsersById }> {
  const { rows } = await sql<{ page: string | null; users: string | null }>`
    with page as materialized (${page})
    select (select json_agg(page) from page)::text as page,
      users_as_json(${tenantId}, array(select id from page)) as users
  `.execute(db);
  return { rows: JSON.parse(rows[0]?.page ?? '[]'), users: usersOf(rows[0]?.users ?? null) };
}

/** @param json what the database's `users_as_json` answers; null where nobody is there */
function usersOf(json: string | null): UsersById {
  const rows = JSON.parse(json ?? '[]') as AsJson<UserRow>[];
  return new Map(rows.map((row) => [row.id, toUser(row)]));
}

type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;
type Directory = Row<'directory_mailboxes'>;

/** What the database says of a user (migration 0025). */
type UserRow = Omit<Row<'users'>, 'organization_since' | 'search' | 'sort_name' | 'sort_address'> &
  Pick<
    Row<'mailbox_access'>,
    'status' | 'reason' | 'checked_at' | 'attempt_reason' | 'attempt_at' | 'rescheduled_until'
  > &
  Pick<Row<'mailbox_syncs'>, 'last_sync_at' | 'open_issues'> & {
    readonly organization_name: string;
    readonly organization_sync_enabled: boolean;
    readonly account_enabled: Directory['account_enabled'] | null;
    readonly is_licensed: Directory['is_licensed'] | null;
    readonly is_shared: Directory['is_shared'] | null;
    readonly disabled_due_to: Row<'sync_errors'>['reason'] | null;
  };

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
