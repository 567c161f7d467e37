import { useCheckCommand, useStartTenantCheck } from '../features/mailbox-connectivity/use-check-commands.ts';
import { useLatestCheck } from '../features/mailbox-connectivity/use-connectivity-check.ts';
import { useRemembered } from '../ui/use-remembered.ts';

/** The latest check of everybody in the tenant or in one of its organizations, and how to start one of all. */
export function useTenantCheck() {
  const { check, isRunning, stream } = useLatestCheck(undefined);
  const start = useStartTenantCheck();
  const command = useCheckCommand();
  const [isCheckOnly] = useRemembered('check-only');
  return { check, isRunning, stream, start, command, isCheckOnly };
}

export type TenantCheck = ReturnType<typeof useTenantCheck>;
