import { sql } from 'kysely';
import type { AssignmentProblem } from '../../../domain/assignment-rules/rule-problem.ts';
import type { GroupId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { uuidList } from '../../db/sql-list.ts';
import { inTransaction } from '../../db/transaction.ts';
import { renameUsers } from '../../db/user-names.ts';
import type { ChangedPerson } from '../../graph/users-delta.ts';

/** How far the directory was read. */
export interface DirectoryPosition {
  /** Undefined: from the beginning. */
  readonly link: string | undefined;
  readonly round: number;
  readonly isWhole: boolean;
}

/** The directory as rules see it: people kept in step by changes, and who is in the groups of rules. */
export interface DirectoryMirror {
  position(tenantId: TenantId): Promise<DirectoryPosition>;
  /** Forgets the link; people stay until a reading from the beginning has ended without them. */
  beginAnew(tenantId: TenantId): Promise<DirectoryPosition>;
  /** Takes changes over, and the link that follows them. */
  save(tenantId: TenantId, position: DirectoryPosition, people: readonly ChangedPerson[]): Promise<void>;
  /** All changes are known: after a reading from the beginning, whoever was not in it is gone. */
  finish(tenantId: TenantId, position: DirectoryPosition): Promise<void>;
  /** Puts who is in a group now in the place of who was. */
  saveGroup(tenantId: TenantId, groupId: GroupId, userIds: ReadonlySet<UserId>): Promise<void>;
  /** Who was in the group when it was read last still counts. */
  saveGroupProblem(tenantId: TenantId, groupId: GroupId, problem: AssignmentProblem): Promise<void>;
  /** Forgets groups that no rule names. */
  forgetOtherGroups(tenantId: TenantId): Promise<void>;
  /** Those of the groups that were never read. */
  unreadGroups(tenantId: TenantId, groupIds: readonly GroupId[]): Promise<Set<GroupId>>;
}

const mostRowsPerStatement = 5_000;

export function createDirectoryMirror({ db, clock }: { readonly db: Db; readonly clock: Clock }): DirectoryMirror {
  async function putPosition(tx: Tx, tenantId: TenantId, values: PositionValues): Promise<void> {
    await tx
      .insertInto('assignment_directories')
      .values({ tenant_id: tenantId, read_at: null, ...values })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values))
      .execute();
  }

  return {
    async position(tenantId) {
      const row = await db
        .selectFrom('assignment_directories')
        .select(['link', 'round', 'is_whole'])
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return { link: row?.link ?? undefined, round: row?.round ?? 1, isWhole: row?.is_whole ?? true };
    },

    async beginAnew(tenantId) {
      const { round } = await this.position(tenantId);
      await inTransaction(db, (tx) => putPosition(tx, tenantId, { link: null, round: round + 1, is_whole: true }));
      return { link: undefined, round: round + 1, isWhole: true };
    },

    async save(tenantId, { link, round, isWhole }, people) {
      const merged = mergeChanges(people);
      const removed = merged.filter(({ isRemoved }) => isRemoved).map(({ id }) => id);
      const present = merged.filter(({ isRemoved }) => !isRemoved);
      await inTransaction(db, async (tx) => {
        for (const some of chunks(removed)) await removePeople(tx, tenantId, some);
        for (const some of chunks(present)) {
          await putPeople(tx, tenantId, round, some);
          await renameUsers(tx, tenantId, namesInMirror(tenantId, some));
        }
        await putPosition(tx, tenantId, { link: link ?? null, round, is_whole: isWhole });
      });
    },

    async finish(tenantId, { link, round, isWhole }) {
      await inTransaction(db, async (tx) => {
        if (isWhole) {
          await tx
            .deleteFrom('assignment_people')
            .where('tenant_id', '=', tenantId)
            .where('round', '<', round)
            .execute();
        }
        await putPosition(tx, tenantId, { link: link ?? null, round, is_whole: false, read_at: clock.now() });
      });
    },

    async saveGroup(tenantId, groupId, userIds) {
      const known = await db
        .insertInto('assignment_groups')
        .values({ tenant_id: tenantId, group_id: groupId, round: 0, read_at: null, problem: null })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'group_id']).doUpdateSet({ round: sql<number>`assignment_groups.round` }),
        )
        .returning('round')
        .executeTakeFirstOrThrow();
      const round = known.round + 1;
      // A statement at a time: with the embedded database a list that is opened meanwhile waits for one of them. Whoever
      // left goes last, so that half a reading takes nobody away.
      for (const some of chunks([...userIds])) {
        await sql`
          insert into assignment_group_members (tenant_id, user_id, group_id, round)
          select ${tenantId}::uuid, m.id, ${groupId}::uuid, ${round}::integer
          from unnest(${some}::uuid[]) as m (id)
          on conflict (tenant_id, user_id, group_id) do update set round = excluded.round
        `.execute(db);
      }
      await inTransaction(db, async (tx) => {
        await tx
          .updateTable('assignment_groups')
          .set({ round, read_at: clock.now(), problem: null })
          .where('tenant_id', '=', tenantId)
          .where('group_id', '=', groupId)
          .execute();
        await tx
          .deleteFrom('assignment_group_members')
          .where('tenant_id', '=', tenantId)
          .where('group_id', '=', groupId)
          .where('round', '<', round)
          .execute();
      });
    },

    async saveGroupProblem(tenantId, groupId, problem) {
      await db
        .insertInto('assignment_groups')
        .values({ tenant_id: tenantId, group_id: groupId, round: 0, read_at: null, problem })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'group_id']).doUpdateSet({ problem }))
        .execute();
    },

    async forgetOtherGroups(tenantId) {
      await db
        .deleteFrom('assignment_groups as g')
        .where('g.tenant_id', '=', tenantId)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('assignment_rules as r')
                .select('r.id')
                .where('r.tenant_id', '=', tenantId)
                .whereRef('r.group_id', '=', 'g.group_id'),
            ),
          ),
        )
        .execute();
    },

    async unreadGroups(tenantId, groupIds) {
      if (groupIds.length === 0) return new Set();
      const read = await db
        .selectFrom('assignment_groups')
        .select('group_id')
        .where('tenant_id', '=', tenantId)
        .where('group_id', 'in', [...groupIds])
        .where('read_at', 'is not', null)
        .execute();
      const known = new Set(read.map(({ group_id: id }) => id));
      return new Set(groupIds.filter((id) => !known.has(id)));
    },
  };
}

interface PositionValues {
  readonly link: string | null;
  readonly round: number;
  readonly is_whole: boolean;
  readonly read_at?: Date;
}

/** The same person may come several times, the newest last; what a later row does not say stays as an earlier one said. */
function mergeChanges(people: readonly ChangedPerson[]): ChangedPerson[] {
  const merged = new Map<UserId, ChangedPerson>();
  for (const person of people) {
    const before = merged.get(person.id);
    const isGoingOn = before && !before.isRemoved && !person.isRemoved;
    merged.set(person.id, isGoingOn ? { ...before, ...withoutUnsaid(person) } : person);
  }
  return [...merged.values()];
}

function withoutUnsaid(person: ChangedPerson): ChangedPerson {
  return Object.fromEntries(
    Object.entries(person).filter(([, value]) => value !== undefined),
  ) as unknown as ChangedPerson;
}

async function removePeople(tx: Tx, tenantId: TenantId, ids: readonly UserId[]): Promise<void> {
  await sql`delete from assignment_people where tenant_id = ${tenantId} and user_id = any(${ids}::uuid[])`.execute(tx);
}

/** Adds people, and changes of those who are known only what the change says. */
async function putPeople(tx: Tx, tenantId: TenantId, round: number, people: readonly ChangedPerson[]): Promise<void> {
  const column = (of: (person: ChangedPerson) => string | null | undefined) => people.map((one) => of(one) ?? null);
  const said = (of: (person: ChangedPerson) => string | null | undefined) => people.map((one) => of(one) !== undefined);
  const changed = sql`unnest(
    ${people.map(({ id }) => id)}::uuid[],
    ${column((one) => one.displayName)}::text[], ${said((one) => one.displayName)}::boolean[],
    ${column((one) => one.userPrincipalName)}::text[], ${said((one) => one.userPrincipalName)}::boolean[],
    ${column((one) => one.mail)}::text[], ${said((one) => one.mail)}::boolean[],
    ${column((one) => one.userType)}::text[], ${said((one) => one.userType)}::boolean[]
  ) as n (id, name, has_name, upn, has_upn, mail, has_mail, user_type, has_user_type)`;
  await sql`
    update assignment_people p set
      display_name = case when n.has_name then n.name else p.display_name end,
      user_principal_name = case when n.has_upn then n.upn else p.user_principal_name end,
      mail = case when n.has_mail then n.mail else p.mail end,
      user_type = case when n.has_user_type then n.user_type else p.user_type end,
      round = ${round}
    from ${changed}
    where p.tenant_id = ${tenantId} and p.user_id = n.id
  `.execute(tx);
  await sql`
    insert into assignment_people (tenant_id, user_id, display_name, user_principal_name, mail, user_type, round)
    select ${tenantId}::uuid, n.id, n.name, n.upn, n.mail, n.user_type, ${round} from ${changed}
    on conflict (tenant_id, user_id) do nothing
  `.execute(tx);
}

function namesInMirror(tenantId: TenantId, people: readonly ChangedPerson[]) {
  return sql`(
    select user_id, coalesce(nullif(display_name, ''), user_principal_name), user_principal_name, nullif(mail, '')
    from assignment_people
    where tenant_id = ${tenantId} and user_id = any(${uuidList(people.map(({ id }) => id))}) and user_principal_name <> ''
  )`;
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += mostRowsPerStatement) {
    yield items.slice(start, start + mostRowsPerStatement);
  }
}
