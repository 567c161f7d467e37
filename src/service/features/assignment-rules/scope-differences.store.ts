import { sql } from 'kysely';
import { type getScopeDifferences, mostCountedDifferences } from '../../../contract/assignment-rules.ts';
import type { Answer } from '../../../contract/endpoint.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';

type Differences = Answer<typeof getScopeDifferences>;

interface Person {
  readonly userId: UserId;
  readonly displayName: string;
  readonly address: string | null;
}

const mostExamples = 20;

/**
 * How an organization and the limit of its application differ, in people. Whom the limit names is what Exchange was read
 * to list last.
 */
export async function scopeDifferences(
  db: Db,
  tenantId: TenantId,
  organizationId: OrganizationId,
): Promise<Differences> {
  const scope = await db
    .selectFrom('mailbox_scopes as s')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 's.tenant_id').onRef('o.registration', '=', 's.registration'),
    )
    .leftJoin('exchange_readings as r', (join) =>
      join.onRef('r.tenant_id', '=', 's.tenant_id').onRef('r.registration', '=', 's.registration'),
    )
    .select(['s.list', 's.group', 's.registration', 'r.read_at'])
    .where('s.tenant_id', '=', tenantId)
    .where('o.id', '=', organizationId)
    .executeTakeFirst();
  const none = { people: 0, examples: [] };
  if (!scope) return { limit: null, outsideScope: none, notHere: none };

  const isNamed = (userId: string) => sql`exists (
    select 1 from mailbox_scope_members m where m.tenant_id = ${tenantId} and m.registration = ${scope.registration} and m.user_id = ${sql.ref(userId)}
  )`;
  // No comparison with the list: the database joins what it may take as it stands.
  const isOutside = scope.list === 'allow' ? sql`not ${isNamed('u.id')}` : isNamed('u.id');
  const outside = sql<Person>`
    select u.id as "userId", u.display_name as "displayName", u.mail as address
    from users u
    where u.tenant_id = ${tenantId} and u.organization_id = ${organizationId}
      and ${isOutside}
    order by u.sort_name, u.id
  `;
  // With a list of who is in, those on it; otherwise everybody of the directory who is not on it.
  const notHere =
    scope.list === 'allow'
      ? sql<Person>`
          select m.user_id as "userId", coalesce(d.display_name, m.user_id::text) as "displayName", d.address
          from mailbox_scope_members m
          left join directory_mailboxes d on d.tenant_id = m.tenant_id and d.user_id = m.user_id
          where m.tenant_id = ${tenantId} and m.registration = ${scope.registration}
            and not exists (select 1 from users u where u.tenant_id = ${tenantId} and u.id = m.user_id)
          order by 2, 1
        `
      : sql<Person>`
          select d.user_id as "userId", d.display_name as "displayName", d.address
          from directory_mailboxes d
          where d.tenant_id = ${tenantId} and not ${isNamed('d.user_id')}
            and not exists (select 1 from users u where u.tenant_id = ${tenantId} and u.id = d.user_id)
          order by 2, 1
        `;
  const [outsideScope, missing] = await Promise.all([differenceOf(outside), differenceOf(notHere)]);
  return {
    limit: {
      list: scope.list,
      groupName: scope.group.displayName,
      readAt: scope.read_at?.toISOString() ?? null,
    },
    outsideScope,
    notHere: missing,
  };

  async function differenceOf(people: typeof outside): Promise<Differences['notHere']> {
    const { rows } = await sql<Person & { count: number }>`
      with found as materialized (${people} limit ${mostCountedDifferences})
      select f.*, (select count(*)::int from found) as count from found f limit ${mostExamples}
    `.execute(db);
    return {
      people: rows[0]?.count ?? 0,
      examples: rows.map(({ userId, displayName, address }) => ({ userId, displayName, address })),
    };
  }
}
