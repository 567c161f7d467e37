import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { UserFilter } from '../../contract/users.ts';
import type { TenantId } from '../../domain/ids.ts';
import { rankOf } from './access-counts.ts';
import { containing } from './containing.ts';
import type { Db, Tx } from './schema.ts';

/** What lists filter by, and what they go through part by part. */
export interface ListFilter extends UserFilter {
  readonly openIssues?: number | undefined;
  /** Whoever has another verdict than *Working*: an index has them by verdict, and nobody else. */
  readonly isNotWorking?: boolean | undefined;
}

/** Whether the index by verdict has those whom a filter asks for. */
export function isByVerdict({ status, isNotWorking }: ListFilter): boolean {
  return isNotWorking || (status !== undefined && status !== 'working');
}

/**
 * What a filter asks of users `u`, their verdicts `a` and synchronization `s`; of the tables, only those that
 * {@link tablesOfFilter} names.
 * @param base the organization stands in both: the one that is walked is asked
 */
export function userConditions(
  tenantId: TenantId,
  { organizationId, status, isNotWorking, search, connection, sync, mailboxState, openIssues }: ListFilter,
  base: 'u' | 'a' = 'u',
): readonly RawBuilder<SqlBool>[] {
  return [
    ...(organizationId ? [sql<SqlBool>`${sql.ref(`${base}.organization_id`)} = ${organizationId}`] : []),
    ...(status ? [sql<SqlBool>`a.status_rank = ${rankOf(status)}`] : []),
    ...(isNotWorking ? [sql<SqlBool>`a.status_rank < ${rankOf('working')}`] : []),
    ...(search ? [sql<SqlBool>`u.search like ${containing(search)}`] : []),
    ...(connection ? [sql<SqlBool>`u.connection_type collate "C" = ${connection}`] : []),
    ...(mailboxState ? [sql<SqlBool>`u.mailbox_state collate "C" = ${mailboxState}`] : []),
    ...(openIssues === undefined ? [] : [sql<SqlBool>`s.open_issues = ${openIssues}::int`]),
    ...(sync ? [sql<SqlBool>`${isSynchronized(tenantId)} = ${sync === 'enabled'}`] : []),
  ];
}

/** Whether user `u` is on, and the user's organization too. Organizations are few: they are read once. */
export function isSynchronized(tenantId: TenantId): RawBuilder<SqlBool> {
  const organizations = sql`select id from organizations where tenant_id = ${tenantId} and sync_enabled`;
  return sql<SqlBool>`(u.sync_enabled and u.organization_id in (${organizations}))`;
}

/** Tables that a filter cannot do without. */
export function tablesOfFilter({
  search,
  connection,
  sync,
  mailboxState,
  status,
  isNotWorking,
  openIssues,
}: ListFilter): readonly ('u' | 'a' | 's')[] {
  return [
    ...(search || connection || sync || mailboxState ? (['u'] as const) : []),
    ...(status || isNotWorking ? (['a'] as const) : []),
    ...(openIssues === undefined ? [] : (['s'] as const)),
  ];
}

/** Whether a filter asks for more of a user than organization and verdict, of which the database keeps the numbers. */
export function isOfUser(filter: ListFilter): boolean {
  return tablesOfFilter(filter).some((table) => table !== 'a');
}

/** Users `u` of a tenant with their verdicts `a`, as a filter asks. */
export function selectMatching(source: Db | Tx, tenantId: TenantId, filter: UserFilter) {
  return source
    .selectFrom('users as u')
    .innerJoin('mailbox_access as a', (join) =>
      join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
    )
    .where('u.tenant_id', '=', tenantId)
    .where((eb) => eb.and([...userConditions(tenantId, filter)]));
}
