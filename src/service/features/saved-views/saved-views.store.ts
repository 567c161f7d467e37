import { sql } from 'kysely';
import { type ListView, mostSavedViews, type SavedView, type ViewedList } from '../../../contract/saved-views.ts';
import type { SavedViewId, TenantId, UserId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Clock } from '../../clock.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';

interface Owner {
  readonly tenantId: TenantId;
  readonly userId: UserId;
}

/** Views of lists, each an admin's own. */
export interface SavedViews {
  list(owner: Owner): Promise<SavedView[]>;
  /** Replaces one of the same list and name. @throws AppError `view.too_many` */
  save(owner: Owner, view: { name: string; view: ListView; isDefault: boolean }): Promise<SavedView>;
  /** @throws AppError `view.not_found` */
  setDefault(owner: Owner, id: SavedViewId, isDefault: boolean): Promise<SavedView>;
  /** @throws AppError `view.not_found` */
  delete(owner: Owner, id: SavedViewId): Promise<void>;
}

const shown = ['id', 'name', 'view', 'is_default as isDefault'] as const;

export function createSavedViews({ db, clock }: { readonly db: Db; readonly clock: Clock }): SavedViews {
  return {
    list({ tenantId, userId }) {
      return db
        .selectFrom('saved_views')
        .select(shown)
        .where('tenant_id', '=', tenantId)
        .where('owner_id', '=', userId)
        .orderBy(sql`lower(name) collate "C"`)
        .orderBy('list')
        .execute();
    },

    save(owner, { name, view, isDefault }) {
      const { tenantId, userId } = owner;
      return inTransaction(db, async (tx) => {
        await lock(tx, owner);
        if (isDefault) await clearDefault(tx, owner, view.list);
        const values = { name, view: JSON.stringify(view), is_default: isDefault };
        const replaced = await tx
          .updateTable('saved_views')
          .set(values)
          .where('tenant_id', '=', tenantId)
          .where('owner_id', '=', userId)
          .where('list', '=', view.list)
          .where(sql`lower(name)`, '=', sql`lower(${name})`)
          .returning(shown)
          .executeTakeFirst();
        if (replaced) return replaced;
        const { count } = await tx
          .selectFrom('saved_views')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('tenant_id', '=', tenantId)
          .where('owner_id', '=', userId)
          .where('list', '=', view.list)
          .executeTakeFirstOrThrow();
        if (count >= mostSavedViews) throw new AppError('view.too_many');
        return tx
          .insertInto('saved_views')
          .values({
            ...values,
            tenant_id: tenantId,
            id: crypto.randomUUID() as SavedViewId,
            owner_id: userId,
            created_at: clock.now(),
          })
          .returning(shown)
          .executeTakeFirstOrThrow();
      });
    },

    setDefault(owner, id, isDefault) {
      return inTransaction(db, async (tx) => {
        await lock(tx, owner);
        const kept = await tx
          .selectFrom('saved_views')
          .select('list')
          .where('tenant_id', '=', owner.tenantId)
          .where('owner_id', '=', owner.userId)
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (!kept) throw new AppError('view.not_found');
        if (isDefault) await clearDefault(tx, owner, kept.list);
        return tx
          .updateTable('saved_views')
          .set({ is_default: isDefault })
          .where('tenant_id', '=', owner.tenantId)
          .where('id', '=', id)
          .returning(shown)
          .executeTakeFirstOrThrow();
      });
    },

    async delete({ tenantId, userId }, id) {
      const { numDeletedRows } = await db
        .deleteFrom('saved_views')
        .where('tenant_id', '=', tenantId)
        .where('owner_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new AppError('view.not_found');
    },
  };
}

/** One change at a time of one admin's views: two at once would both count the same ones, or both be the default. */
async function lock(tx: Tx, { tenantId, userId }: Owner): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`saved-views ${tenantId} ${userId}`}, 0))`.execute(tx);
}

async function clearDefault(tx: Tx, { tenantId, userId }: Owner, list: ViewedList): Promise<void> {
  await tx
    .updateTable('saved_views')
    .set({ is_default: false })
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', userId)
    .where('list', '=', list)
    .where('is_default', '=', true)
    .execute();
}
