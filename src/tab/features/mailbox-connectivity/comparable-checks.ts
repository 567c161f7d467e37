import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';

/**
 * Checks that can stand side by side, oldest first: completed ones of the same mailboxes as the newest of them. Runs over
 * different organizations would draw a change where nothing has changed.
 * @param checks newest first
 */
export function comparableChecks(checks: readonly ConnectivityCheck[]): ConnectivityCheck[] {
  const completed = checks.filter(({ state, done }) => state === 'completed' && done > 0);
  const [newest] = completed;
  return completed
    .filter(({ scope, organizationId }) => scope === newest?.scope && organizationId === newest.organizationId)
    .reverse();
}
