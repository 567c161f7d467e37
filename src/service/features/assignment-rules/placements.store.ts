import { sql } from 'kysely';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import type { Tx } from '../../db/schema.ts';
import { reschedule } from '../../db/sync-schedule.ts';
import type { Decided } from './decided.ts';

interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly connection_type: ConnectionType;
}

/** Adds who is not here yet. @returns those who were added */
export type InsertUsers = (
  tx: Tx,
  tenantId: TenantId,
  organization: Organization,
  users: readonly {
    readonly id: UserId;
    readonly displayName: string;
    readonly userPrincipalName: string;
    readonly mail: string | null;
  }[],
  now: Date,
) => Promise<UserId[]>;

interface Dependencies {
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  readonly insertUsers: InsertUsers;
}

/**
 * Puts people where rules lead, and remembers that a rule did. Whoever was moved, added or removed by somebody meanwhile
 * is left alone. Removes nobody.
 * @returns those who were placed
 */
export async function placePeople(
  tx: Tx,
  { clock, recordActivity, insertUsers }: Dependencies,
  tenantId: TenantId,
  decided: readonly Decided[],
): Promise<Set<UserId>> {
  const now = clock.now();
  const placed = new Set<UserId>();
  const targets = Map.groupBy(
    decided.filter(({ decision }) => decision.kind === 'added' || decision.kind === 'moved'),
    ({ decision }) => ('rule' in decision ? decision.rule.organizationId : undefined),
  );
  for (const [organizationId, people] of targets) {
    if (!organizationId) continue;
    const organization = await tx
      .selectFrom('organizations')
      .select(['id', 'name', 'connection_type'])
      .where('tenant_id', '=', tenantId)
      .where('id', '=', organizationId)
      .executeTakeFirst();
    // Deleted meanwhile, and its rules with it.
    if (!organization) continue;
    const newcomers = people.filter(({ decision }) => decision.kind === 'added');
    const users = newcomers.map(({ subject }) => ({ ...subject, mail: subject.address }));
    const added = users.length > 0 ? await insertUsers(tx, tenantId, organization, users, now) : [];
    const moved = await movePeople(
      tx,
      tenantId,
      organizationId,
      people.filter(({ decision }) => decision.kind === 'moved'),
      now,
    );
    await remember(tx, tenantId, organizationId, [...added, ...moved], now);
    for (const [type, ids] of [
      ['assignment.users_added', added],
      ['assignment.users_moved', moved],
    ] as const) {
      if (ids.length > 0) await recordActivity(tx, { tenantId, type, organization, details: { users: ids.length } });
      for (const id of ids) placed.add(id);
    }
  }
  return placed;
}

/** Forgets that a rule placed people whom somebody removed and no rule is about any more: they may come back by a rule. */
export async function forgetPlacements(tx: Tx, tenantId: TenantId, ids: readonly UserId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    delete from assignment_placements where tenant_id = ${tenantId} and user_id = any(${ids}::uuid[])
  `.execute(tx);
}

async function movePeople(
  tx: Tx,
  tenantId: TenantId,
  organizationId: OrganizationId,
  people: readonly Decided[],
  now: Date,
): Promise<UserId[]> {
  if (people.length === 0) return [];
  const { rows } = await sql<{ id: UserId }>`
    update users u set organization_id = ${organizationId}, organization_since = ${now}::timestamptz
    from unnest(
      ${people.map(({ subject }) => subject.id)}::uuid[],
      ${people.map(({ subject }) => subject.here?.organizationId ?? null)}::uuid[]
    ) as n (id, from_organization_id)
    where u.tenant_id = ${tenantId} and u.id = n.id and u.organization_id = n.from_organization_id
    returning u.id
  `.execute(tx);
  const moved = rows.map(({ id }) => id);
  // Interval and switch are those of the new organization.
  await reschedule(tx, tenantId, { userIds: moved }, now);
  return moved;
}

async function remember(
  tx: Tx,
  tenantId: TenantId,
  organizationId: OrganizationId,
  ids: readonly UserId[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    insert into assignment_placements (tenant_id, user_id, organization_id, placed_at)
    select ${tenantId}::uuid, n.id, ${organizationId}::uuid, ${now}::timestamptz from unnest(${ids}::uuid[]) as n (id)
    on conflict (tenant_id, user_id) do update set
      organization_id = excluded.organization_id, placed_at = excluded.placed_at
  `.execute(tx);
}
