import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Schema } from '../../db/schema.ts';

/** What of a run says whom it covers. */
export type Coverage = Pick<
  StoredCheck,
  'tenant_id' | 'organization_id' | 'selection' | 'retry_of' | 'migration_id' | 'ring' | 'created_at'
>;

type UsersOfGraph = ExpressionBuilder<Schema & { u: Schema['users']; o: Schema['organizations'] }, 'u' | 'o'>;

/**
 * Whether a run covers a user, of users `u` in their organizations `o`. Counting at the start and reading as it goes ask
 * the same. Who came later is not part of a run; whoever leaves meanwhile is not either.
 */
export function isCovered({
  tenant_id,
  organization_id,
  selection,
  retry_of,
  migration_id,
  ring,
  created_at,
}: Coverage) {
  return ({ eb, and, exists, selectFrom }: UsersOfGraph) =>
    and([
      eb('u.tenant_id', '=', tenant_id),
      eb('o.connection_type', '=', 'graph_app_only'),
      // Over the tenant, moving to another organization makes nobody new.
      ...(organization_id === null
        ? [eb('u.created_at', '<=', created_at)]
        : [eb('u.organization_id', '=', organization_id), eb('u.organization_since', '<=', created_at)]),
      ...(selection === null ? [] : [sql<SqlBool>`u.id = any(${selection satisfies UserId[]}::uuid[])`]),
      ...(migration_id === null
        ? []
        : [
            exists(
              selectFrom('ews_migration_users as m')
                .select('m.user_id')
                .where('m.tenant_id', '=', tenant_id)
                .where('m.migration_id', '=', migration_id)
                .where('m.ring', '=', ring)
                .where('m.state', '=', 'switching')
                .whereRef('m.user_id', '=', 'u.id'),
            ),
          ]),
      // Chosen mailboxes of an earlier run are named by themselves.
      ...(retry_of === null || selection !== null
        ? []
        : [
            exists(
              selectFrom('check_results as before')
                .select('before.user_id')
                .where('before.tenant_id', '=', tenant_id)
                .where('before.check_id', '=', retry_of)
                .whereRef('before.user_id', '=', 'u.id')
                .where('before.status', '=', 'could_not_tell'),
            ),
          ]),
    ]);
}
