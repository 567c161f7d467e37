import { sql } from 'kysely';
import type { AssignmentSubject } from '../../../domain/assignment-rules/decide.ts';
import type { GroupId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';

/** Somebody whom rules may be about, with what a list says of them. */
export interface StoredSubject extends AssignmentSubject {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly address: string | null;
}

interface Row {
  readonly id: UserId;
  readonly is_known: boolean;
  readonly display_name: string | null;
  readonly user_principal_name: string | null;
  readonly mail: string | null;
  readonly user_type: string | null;
  readonly group_ids: GroupId[];
  readonly organization_id: OrganizationId | null;
  readonly organization_since: Date | null;
  readonly placed_in: OrganizationId | null;
  readonly placed_at: Date | null;
}

/** Everybody of the directory and of the organizations, a page at a time in the order of their ids. */
export async function subjectsAfter(
  db: Db,
  tenantId: TenantId,
  after: UserId | undefined,
  limit: number,
): Promise<StoredSubject[]> {
  const from = after ?? '00000000-0000-0000-0000-000000000000';
  const { rows } = await sql<Row>`
    with page as (
      select id from (
        (select user_id as id from assignment_people
          where tenant_id = ${tenantId} and user_id > ${from} order by user_id limit ${limit})
        union
        (select id from users where tenant_id = ${tenantId} and id > ${from} order by id limit ${limit})
      ) both_sides order by id limit ${limit}
    )
    select page.id, p.user_id is not null as is_known,
      coalesce(p.display_name, u.display_name) as display_name,
      coalesce(p.user_principal_name, u.user_principal_name) as user_principal_name,
      case when p.user_id is null then u.mail else p.mail end as mail, p.user_type,
      array(
        select m.group_id::text from assignment_group_members m where m.tenant_id = ${tenantId} and m.user_id = page.id
      ) as group_ids,
      u.organization_id, u.organization_since, l.organization_id as placed_in, l.placed_at
    from page
    left join assignment_people p on p.tenant_id = ${tenantId} and p.user_id = page.id
    left join users u on u.tenant_id = ${tenantId} and u.id = page.id
    left join assignment_placements l on l.tenant_id = ${tenantId} and l.user_id = page.id
    order by page.id
  `.execute(db);
  return rows.map(toSubject);
}

function toSubject(row: Row): StoredSubject {
  const { mail, organization_id: organizationId, placed_at: placedAt } = row;
  const userPrincipalName = row.user_principal_name ?? row.id;
  // Whoever was moved since is where somebody put them by hand, even if they are back.
  const isPlaced =
    placedAt !== null && organizationId === row.placed_in && placedAt.getTime() === row.organization_since?.getTime();
  return {
    id: row.id,
    displayName: row.display_name || userPrincipalName,
    userPrincipalName,
    address: mail,
    person: row.is_known ? { mail, isGuest: row.user_type === 'Guest', groupIds: new Set(row.group_ids) } : undefined,
    here: organizationId ? { organizationId, placedBy: isPlaced ? 'rule' : 'hand' } : undefined,
    wasRemoved: placedAt !== null && organizationId === null,
  };
}
