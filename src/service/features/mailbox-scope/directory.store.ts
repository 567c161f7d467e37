import { sql } from 'kysely';
import type { TenantId, UserId } from '../../../domain/ids.ts';
import { reasonOfAnswer } from '../../../domain/mailbox-access/mailbox-answer.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inBulkTransaction, inTransaction } from '../../db/transaction.ts';
import { namesOf, renameUsers } from '../../db/user-names.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import { reasonOfTokenProblem } from '../../entra/token-reason.ts';
import type { GraphClient } from '../../graph/client.ts';
import { type DirectoryPerson, readUsers } from '../../graph/users.ts';

export type DirectoryReading =
  | { readonly kind: 'read'; readonly readAt: Date }
  /** The list that was there before stays, with its age; `readAt` is null when there never was one. */
  | { readonly kind: 'refused'; readonly reason: ReasonCode; readonly readAt: Date | null };

/** People of the directory who can have a mailbox: what a reach is counted over, and what a proof tries. */
export interface DirectoryStore {
  /** Reads the directory unless the last whole reading is young enough. */
  ensureRead(
    tenantId: TenantId,
    options: { readonly maxAgeMinutes: number; readonly signal?: AbortSignal },
  ): Promise<DirectoryReading>;
  readAt(tenantId: TenantId): Promise<Date | null>;
  count(tenantId: TenantId): Promise<number>;
  ids(tenantId: TenantId): Promise<UserId[]>;
  /** Names of some of them, in the order of the ids. */
  people(
    tenantId: TenantId,
    ids: readonly UserId[],
  ): Promise<{ id: UserId; displayName: string; address: string | null }[]>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly graph: GraphClient;
  readonly tokens: AppTokens;
}

const mostRowsPerStatement = 5_000;

export function createDirectoryStore({ db, clock, graph, tokens }: Dependencies): DirectoryStore {
  async function readAt(tenantId: TenantId): Promise<Date | null> {
    const row = await db
      .selectFrom('directory_readings')
      .select('read_at')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    return row?.read_at ?? null;
  }

  const reading = new Map<TenantId, Promise<DirectoryReading>>();

  async function read(
    tenantId: TenantId,
    { maxAgeMinutes, signal = new AbortController().signal }: { maxAgeMinutes: number; signal?: AbortSignal },
  ): Promise<DirectoryReading> {
    const before = await readAt(tenantId);
    const startedAt = clock.now();
    if (before && startedAt.getTime() - before.getTime() <= maxAgeMinutes * 60_000) {
      return { kind: 'read', readAt: before };
    }
    const token = await tokens.get(tenantId);
    if (token.kind === 'refused') {
      return { kind: 'refused', reason: reasonOfTokenProblem[token.problem], readAt: before };
    }
    const outcome = await readUsers(graph, clock, { token: token.token, signal });
    if (outcome.kind === 'refused') {
      return { kind: 'refused', reason: reasonOfAnswer(outcome.answer, 'mail', undefined), readAt: before };
    }
    await inTransaction(db, (tx) => replace(tx, tenantId, outcome.people.filter(canHaveMailbox), startedAt));
    for (let start = 0; start < outcome.people.length; start += mostRowsPerStatement) {
      const some = namesOf(outcome.people.slice(start, start + mostRowsPerStatement));
      await inBulkTransaction(db, (tx) => renameUsers(tx, tenantId, some));
    }
    return { kind: 'read', readAt: startedAt };
  }

  return {
    readAt,

    async ensureRead(tenantId, options) {
      // Whoever asks while it is being read waits for the same reading.
      const running = reading.get(tenantId);
      if (running) return running;
      const started = read(tenantId, options).finally(() => reading.delete(tenantId));
      reading.set(tenantId, started);
      return started;
    },
    async count(tenantId) {
      const { count } = await db
        .selectFrom('directory_mailboxes')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('tenant_id', '=', tenantId)
        .executeTakeFirstOrThrow();
      return count;
    },

    async ids(tenantId) {
      const rows = await db
        .selectFrom('directory_mailboxes')
        .select('user_id')
        .where('tenant_id', '=', tenantId)
        .orderBy('user_id')
        .execute();
      return rows.map(({ user_id }) => user_id);
    },

    async people(tenantId, ids) {
      const rows = await db
        .selectFrom('directory_mailboxes')
        .select(['user_id as id', 'display_name as displayName', 'address'])
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', sql<UserId>`any(${ids}::uuid[])`)
        .execute();
      return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
    },
  };
}

/**
 * Members with a mail address, licensed or not: shared mailboxes, rooms and equipment open without a licence, so a
 * licence proves nothing. Some of them have no mailbox after all; only a call tells.
 */
function canHaveMailbox({ userType, mail }: DirectoryPerson): boolean {
  return userType !== 'Guest' && mail !== null;
}

/** Shared mailboxes, rooms and equipment: nobody signs in to them, or they have no licence. */
function isShared({ accountEnabled, isLicensed }: DirectoryPerson): boolean {
  return !accountEnabled || !isLicensed;
}

/** Puts one whole reading in the place of the one before. A reading that began earlier never replaces a later one. */
async function replace(tx: Tx, tenantId: TenantId, people: readonly DirectoryPerson[], startedAt: Date): Promise<void> {
  const isNewest = await tx
    .insertInto('directory_readings')
    .values({ tenant_id: tenantId, read_at: startedAt })
    .onConflict((conflict) =>
      conflict
        .column('tenant_id')
        .doUpdateSet({ read_at: startedAt })
        .where('directory_readings.read_at', '<', startedAt),
    )
    .returning('tenant_id')
    .executeTakeFirst();
  if (!isNewest) return;
  for (let start = 0; start < people.length; start += mostRowsPerStatement) {
    const some = people.slice(start, start + mostRowsPerStatement);
    await sql`
      insert into directory_mailboxes (tenant_id, user_id, display_name, address, is_shared, account_enabled, is_licensed,
        seen_at)
      select ${tenantId}::uuid, p.id, p.name, p.address, p.is_shared, p.account_enabled, p.is_licensed, ${startedAt}::timestamptz
      from unnest(
        ${some.map(({ id }) => id)}::uuid[], ${some.map(({ displayName }) => displayName)}::text[],
        ${some.map(({ mail }) => mail)}::text[], ${some.map(isShared)}::boolean[],
        ${some.map(({ accountEnabled }) => accountEnabled)}::boolean[],
        ${some.map(({ isLicensed }) => isLicensed)}::boolean[]
      ) as p (id, name, address, is_shared, account_enabled, is_licensed)
      on conflict (tenant_id, user_id) do update set
        display_name = excluded.display_name, address = excluded.address,
        is_shared = excluded.is_shared, account_enabled = excluded.account_enabled,
        is_licensed = excluded.is_licensed, seen_at = excluded.seen_at
    `.execute(tx);
  }
  await tx
    .deleteFrom('directory_mailboxes')
    .where('tenant_id', '=', tenantId)
    .where('seen_at', '<', startedAt)
    .execute();
}
