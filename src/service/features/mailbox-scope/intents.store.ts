import { type Selectable, sql } from 'kysely';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import type { ExchangeConfiguration } from '../../../domain/mailbox-access/exchange-configuration.ts';
import { namedMembers } from '../../../domain/mailbox-scope/named-members.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Clock } from '../../clock.ts';
import type { MailboxScopesTable } from '../../db/schema/mailbox-scope.ts';
import type { Db, Tx } from '../../db/schema.ts';
import type { StoredChange } from './scope-changes.store.ts';

export type StoredIntent = Selectable<MailboxScopesTable>;

/** The limit that holds, and whom it names: verdicts and proofs judge by it. */
export interface IntentStore {
  find(tenantId: TenantId, tx?: Tx): Promise<StoredIntent | undefined>;
  /** Takes a change's limit as the intended one, from the moment its old ways in are closed. */
  set(tx: Tx, change: StoredChange, configuration: ExchangeConfiguration): Promise<void>;
  /** Brings the names in step with what Exchange lists now. */
  refresh(tx: Tx, tenantId: TenantId, configuration: ExchangeConfiguration): Promise<void>;
  /** Forgets the limit of a change that was given up. */
  drop(tx: Tx, change: StoredChange): Promise<void>;
  /** How many people of the directory shall be reachable. */
  countInside(intent: StoredIntent): Promise<number>;
}

export function createIntentStore({
  db,
  clock,
  registration,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly registration: RegistrationName;
}): IntentStore {
  async function saveMembers(tx: Tx, tenantId: TenantId, named: ReadonlyMap<UserId, boolean>): Promise<void> {
    const ids = [...named.keys()];
    await sql`
      delete from mailbox_scope_members
      where tenant_id = ${tenantId} and registration = ${registration} and not user_id = any(${ids}::uuid[])
    `.execute(tx);
    await sql`
      insert into mailbox_scope_members (tenant_id, registration, user_id, is_nested, since)
      select ${tenantId}::uuid, ${registration}::text, m.user_id, m.is_nested, ${clock.now().toISOString()}::timestamptz
      from unnest(${ids}::uuid[], ${[...named.values()]}::boolean[]) as m (user_id, is_nested)
      on conflict (tenant_id, registration, user_id) do update set is_nested = excluded.is_nested
    `.execute(tx);
  }

  return {
    async find(tenantId, tx) {
      return (tx ?? db)
        .selectFrom('mailbox_scopes')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('registration', '=', registration)
        .executeTakeFirst();
    },

    async set(tx, change, configuration) {
      const values = {
        change_id: change.id,
        mechanism: change.mechanism,
        list: change.list,
        group: JSON.stringify(change.group),
        includes_nested: change.includes_nested,
        set_at: clock.now(),
        set_by: change.created_by,
        set_by_name: change.created_by_name,
      };
      await tx
        .insertInto('mailbox_scopes')
        .values({ tenant_id: change.tenant_id, registration, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'registration']).doUpdateSet(values))
        .execute();
      await saveMembers(tx, change.tenant_id, namedMembers(change.plans.make, configuration.groups));
    },

    async refresh(tx, tenantId, configuration) {
      const row = await tx
        .selectFrom('mailbox_scopes as s')
        .innerJoin('scope_changes as c', (join) =>
          join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.change_id'),
        )
        .select('c.plans')
        .where('s.tenant_id', '=', tenantId)
        .where('s.registration', '=', registration)
        .executeTakeFirst();
      if (row) await saveMembers(tx, tenantId, namedMembers(row.plans.make, configuration.groups));
    },

    async drop(tx, change) {
      await tx
        .deleteFrom('mailbox_scopes')
        .where('tenant_id', '=', change.tenant_id)
        .where('change_id', '=', change.id)
        .execute();
    },

    async countInside({ tenant_id: tenantId, list }) {
      const { count } = await db
        .selectFrom('directory_mailboxes as d')
        .leftJoin('mailbox_scope_members as m', (join) =>
          join
            .onRef('m.tenant_id', '=', 'd.tenant_id')
            .on('m.registration', '=', registration)
            .onRef('m.user_id', '=', 'd.user_id'),
        )
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('d.tenant_id', '=', tenantId)
        .where('m.user_id', list === 'allow' ? 'is not' : 'is', null)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}
