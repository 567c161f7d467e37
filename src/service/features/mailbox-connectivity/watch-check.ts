import { isDeepStrictEqual } from 'node:util';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, TenantId } from '../../../domain/ids.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { Clock } from '../../clock.ts';
import type { CheckReports } from './check-reports.store.ts';

const lookEveryMs = 1_000;

/**
 * A run as it stands, and again whenever it has changed, at most once a second, until it has ended or is gone. It reads
 * the database, because the worker may be another process.
 * @param signal ends it without an error
 */
export async function* watchCheck(
  { checks, clock }: { readonly checks: Pick<CheckReports, 'find'>; readonly clock: Clock },
  { tenantId, id, signal }: { readonly tenantId: TenantId; readonly id: CheckId; readonly signal: AbortSignal },
): AsyncGenerator<ConnectivityCheck> {
  let told: ConnectivityCheck | undefined;
  while (!signal.aborted) {
    const check = await checks.find(tenantId, id);
    if (!check) return;
    if (!isDeepStrictEqual(check, told)) yield check;
    told = check;
    if (!isOpen(check.state)) return;
    await clock.wait(lookEveryMs, signal).catch(() => {});
  }
}
