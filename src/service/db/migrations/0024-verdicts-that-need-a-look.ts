import { type Kysely, sql } from 'kysely';

/**
 * The order by verdict is an index of those that do not work. Most mailboxes work, and stand by name in the order of users:
 * a check that finds them as they were wrote them into two more indexes each time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** `rankOf('working')`, the last one. */
const working = 6;

const statements = [
  'drop index mailbox_access_list',
  'drop index mailbox_access_list_of_organization',
  `create index mailbox_access_list on mailbox_access (tenant_id, status_rank, sort_name, user_id)
    where status_rank < ${working}`,
  `create index mailbox_access_list_of_organization
    on mailbox_access (tenant_id, organization_id, status_rank, sort_name, user_id) where status_rank < ${working}`,
  'analyze mailbox_access',
];
