import { sql } from 'kysely';
import type { UserId } from '../../../domain/ids.ts';
import { type ConnectionType, nextMailboxState } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { markReturnedOnGraph, returnedAmong } from '../../db/returned-users.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Tx } from '../../db/schema.ts';
import { recordSyncErrors, resolveSyncErrors } from '../../db/sync-errors.ts';
import { reschedule } from '../../db/sync-schedule.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';

const connectionNames: Readonly<Record<ConnectionType, string>> = {
  none: 'no connection',
  graph_app_only: 'Microsoft Graph app-only access',
  ews_impersonation: 'Exchange Web Services (impersonation)',
  ews_on_premises: 'Exchange Web Services (on-premises)',
  hybrid: 'a hybrid deployment',
};

/**
 * Switches who was opened to the organization's connection. The mailbox then waits for its next successful sync session,
 * and its sync error says so. Who returned to Exchange Web Services stays there and is told so, unless an admin named
 * that user, or the user's ring goes again.
 */
export async function switchConnections(
  tx: Tx,
  check: StoredCheck,
  results: readonly MailboxResult[],
  now: Date,
): Promise<void> {
  const opened = results.filter(({ verdict }) => verdict.status === 'working' || verdict.status === 'limited');
  if (opened.length === 0) return;
  const found = await tx
    .selectFrom('users as u')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
    )
    .select(['u.id', 'u.connection_type', 'u.mailbox_state'])
    .where('u.tenant_id', '=', check.tenant_id)
    // Who was moved to another kind of organization meanwhile keeps the connection of that one.
    .where('o.connection_type', '=', 'graph_app_only')
    .where((eb) =>
      eb.or([eb('u.connection_type', '<>', 'graph_app_only'), eb('u.mailbox_state', '=', 'disabled_due_to_error')]),
    )
    .where('u.id', '=', sql<UserId>`any(${opened.map(({ userId }) => userId)}::uuid[])`)
    .execute();
  const mayStay = check.switches_returned ? [] : found.map(({ id }) => id);
  const returned = await returnedAmong(tx, check.tenant_id, mayStay);
  const isKept = ({ id, connection_type: from }: (typeof found)[number]) =>
    from !== 'graph_app_only' && returned.has(id);
  await recordKept(tx, check, found.filter(isKept), now);
  const moved = found.flatMap((user) => {
    if (isKept(user)) return [];
    const { connection_type: from, mailbox_state: state } = user;
    const step = nextMailboxState(state, { type: 'check_succeeded', from, to: 'graph_app_only' });
    return step.ok ? [{ ...user, next: step.state }] : [];
  });
  if (moved.length === 0) return;
  const ids = moved.map(({ id }) => id);
  await sql`
    update users u set connection_type = 'graph_app_only', mailbox_state = s.state
    from unnest(${ids}::uuid[], ${moved.map(({ next }) => next)}::text[]) as s (id, state)
    where u.tenant_id = ${check.tenant_id} and u.id = s.id
  `.execute(tx);
  await reschedule(tx, check.tenant_id, { userIds: ids }, now);
  // Who was disabled due to an error is tried again, over the connection it has.
  const users = moved.filter(({ connection_type: from }) => from !== 'graph_app_only');
  if (users.length === 0) return;
  const switchedIds = users.map(({ id }) => id);
  await markReturnedOnGraph(tx, check.tenant_id, switchedIds, now);
  await resolveSyncErrors(tx, check.tenant_id, switchedIds, 'connection_kept', now);
  await recordSyncErrors(
    tx,
    users.map(({ id, connection_type: from }) => ({
      tenantId: check.tenant_id,
      userId: id,
      kind: 'connection_switching',
      title: 'Cancelled',
      detail:
        `The connection type is being switched from ${connectionNames[from]} to ${connectionNames.graph_app_only}. ` +
        'The switch completes after the next successful sync session.',
    })),
    now,
  );
  await tx
    .updateTable('checks')
    .set((eb) => ({ switched: eb('switched', '+', users.length) }))
    .where('tenant_id', '=', check.tenant_id)
    .where('id', '=', check.id)
    .execute();
}

async function recordKept(
  tx: Tx,
  check: StoredCheck,
  kept: readonly { readonly id: UserId; readonly connection_type: ConnectionType }[],
  now: Date,
): Promise<void> {
  if (kept.length === 0) return;
  await recordSyncErrors(
    tx,
    kept.map(({ id, connection_type: connection }) => ({
      tenantId: check.tenant_id,
      userId: id,
      kind: 'connection_kept',
      title: 'Not switched',
      detail:
        `The mailbox opens over ${connectionNames.graph_app_only}. The user stays on ${connectionNames[connection]}, ` +
        'because the ring of the migration went back. To switch the user, run Check Mailbox Connectivity for this ' +
        'user, or have the ring go again.',
    })),
    now,
  );
  await tx
    .updateTable('checks')
    .set((eb) => ({ kept: eb('kept', '+', kept.length) }))
    .where('tenant_id', '=', check.tenant_id)
    .where('id', '=', check.id)
    .execute();
}
