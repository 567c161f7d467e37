import type { RecordActivity } from '../../audit.ts';
import type { Tx } from '../../db/schema.ts';
import type { StoredCommandRun } from './command-reports.store.ts';

/** Ends a run whose row the caller holds, with one audit row that says how many have which result. */
export async function endCommand(
  tx: Tx,
  { tenant_id: tenantId, id, command, target_id: targetId, target_name: targetName }: StoredCommandRun,
  state: 'completed' | 'cancelled' | 'failed',
  { now, recordActivity }: { readonly now: Date; readonly recordActivity: RecordActivity },
): Promise<void> {
  const tallies = await tx
    .selectFrom('user_command_tallies')
    .select(['outcome', 'count'])
    .where('tenant_id', '=', tenantId)
    .where('run_id', '=', id)
    .execute();
  await tx
    .updateTable('user_command_runs')
    .set({ state, finished_at: now })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  const users = tallies.reduce((sum, { count }) => sum + count, 0);
  const done = tallies.find(({ outcome }) => outcome === 'done')?.count ?? 0;
  await recordActivity(tx, {
    tenantId,
    type: 'users.command_ended',
    ...(targetId && targetName !== null ? { organization: { id: targetId, name: targetName } } : {}),
    details: { command, state, users, done, run: id },
  });
}
