import type { UserFilter } from '../../../contract/users.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { connectionTypes, mailboxStates } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { userSyncStatuses } from '../../../domain/users/user-list.ts';
import type { Db } from '../../db/schema.ts';
import { isSynchronized, selectMatching, userConditions } from '../../db/user-filter.ts';

/** Of organizations nobody is counted: the database keeps these numbers. */
export function sumTallies(db: Db, tenantId: TenantId, { organizationId }: UserFilter) {
  return db
    .selectFrom('access_tallies')
    .select(['status', (eb) => eb.fn.sum<number>('count').as('count')])
    .where('tenant_id', '=', tenantId)
    .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId as OrganizationId))
    .groupBy('status')
    .execute();
}

/** Whoever is found by other signs is counted one by one. */
export function countMatches(db: Db, tenantId: TenantId, filter: UserFilter) {
  return selectMatching(db, tenantId, filter)
    .select(['a.status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('a.status')
    .execute();
}

export async function countConnections(db: Db, tenantId: TenantId, { connection: _, ...filter }: UserFilter) {
  const rows = await matching(db, tenantId, filter)
    .select(['u.connection_type as value', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('u.connection_type')
    .execute();
  return countsOf(connectionTypes, rows);
}

export async function countMailboxStates(db: Db, tenantId: TenantId, { mailboxState: _, ...filter }: UserFilter) {
  const rows = await matching(db, tenantId, filter)
    .select(['u.mailbox_state as value', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('u.mailbox_state')
    .execute();
  return countsOf(mailboxStates, rows);
}

export async function countSwitches(db: Db, tenantId: TenantId, { sync: _, ...filter }: UserFilter) {
  const rows = await matching(db, tenantId, filter)
    .select([isSynchronized(tenantId).as('isOn'), (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('isOn')
    .execute();
  return countsOf(
    userSyncStatuses,
    rows.map(({ isOn, count }) => ({ value: isOn ? 'enabled' : 'disabled', count })),
  );
}

/** Users `u` as a filter asks: their verdicts are read only when it asks for one. */
function matching(db: Db, tenantId: TenantId, filter: UserFilter) {
  return db
    .selectFrom('users as u')
    .where('u.tenant_id', '=', tenantId)
    .where((eb) => eb.and([...userConditions(tenantId, { ...filter, status: undefined })]))
    .$if(filter.status !== undefined, (query) =>
      query.where('u.id', 'in', (eb) =>
        eb
          .selectFrom('mailbox_access as a')
          .select('a.user_id')
          .where('a.tenant_id', '=', tenantId)
          .where((inner) => inner.and([...userConditions(tenantId, { status: filter.status }, 'a')])),
      ),
    );
}

/** A count for each value, from rows that name only those that occur. */
function countsOf<Value extends string>(
  values: readonly Value[],
  rows: readonly { readonly value: Value; readonly count: number }[],
): Record<Value, number> {
  const found = new Map(rows.map(({ value, count }) => [value, count]));
  return Object.fromEntries(values.map((value) => [value, found.get(value) ?? 0])) as Record<Value, number>;
}
