import { useCallback, useEffect, useState } from 'react';
import type { Organization } from '../../contract/organizations.ts';
import type { User } from '../../contract/users.ts';
import type { CheckId, OrganizationId, UserId } from '../../domain/ids.ts';
import { useStartCheck } from '../features/mailbox-connectivity/use-check-commands.ts';
import { useChecksById } from '../features/mailbox-connectivity/use-connectivity-check.ts';
import { useForceSynchronization } from '../features/mailbox-sync/use-force-synchronization.ts';
import { type SyncCommand, syncCommands, useSyncCommand } from '../features/mailbox-sync/use-sync-command.ts';
import type { CommandContext, UserCommand } from '../features/users/user-commands.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { wordsOfError } from '../ui/error-words.ts';
import { useToast } from '../ui/toast.tsx';

interface Options {
  readonly organizations: readonly Organization[];
  /** Users have been moved or removed. */
  readonly onDone: () => void;
}

/** Carries out the verbs on users: checks and synchronizations at once, moving and removing after asking. */
export function useUserCommands({ organizations, onDone }: Options) {
  const texts = useTexts();
  const toast = useToast();
  const startCheck = useStartCheck();
  const forceSync = useForceSynchronization();
  const syncCommand = useSyncCommand();
  const [checkIds, setCheckIds] = useState<readonly CheckId[]>([]);
  const [asking, setAsking] = useState<UserCommand>();
  const [asked, setAsked] = useState<readonly User[]>([]);
  const { checks, error: checkError, isSettled } = useChecksById(checkIds);
  const isChecking = startCheck.isPending || checkIds.length > 0;

  useEffect(() => {
    if (checkIds.length === 0 || !(isSettled || checkError)) return;
    setCheckIds([]);
    if (checkError) {
      const { title, remedy } = wordsOfError(checkError, texts);
      toast(title, { intent: 'warning', body: remedy });
      return;
    }
    if (checks.some(({ state }) => state === 'paused')) {
      toast(texts.check.selection.paused, { intent: 'warning', body: texts.check.selection.pausedText });
      return;
    }
    const total = checks.reduce((sum, check) => sum + check.total, 0);
    const working = checks.reduce((sum, check) => sum + check.counts.working, 0);
    const isAll = working === total;
    toast(isAll ? texts.check.success : texts.check.ended, {
      intent: isAll ? 'success' : 'warning',
      body: isAll ? texts.check.connected : texts.users.done.checkEnded(working, total),
    });
  }, [checkIds, checks, checkError, isSettled, texts, toast]);

  const fail = (error: unknown) => {
    const { title, remedy } = wordsOfError(error, texts);
    toast(title, { intent: 'warning', body: remedy });
  };
  const runCheck = async (users: readonly User[]) => {
    for (const [organizationId, userIds] of byOrganization(users)) {
      try {
        const started = await startCheck.mutateAsync({ organizationId, userIds });
        setCheckIds((known) => [...known, started.check.id]);
        toast(texts.users.done.checkStarted(userIds.length), { intent: 'info' });
      } catch (error) {
        fail(error);
      }
    }
  };
  const runForceSync = async (users: readonly User[]) => {
    const { started, refused } = await forceSync.mutateAsync(users.map(({ id }) => id));
    if (started > 0) toast(texts.users.done.syncStarted(started));
    if (refused.length > 0) {
      const { title, remedy } = wordsOfError(refused[0], texts);
      toast(texts.users.done.syncRefused(refused.length), { intent: 'warning', body: `${title}. ${remedy}` });
    }
  };
  const runSyncCommand = async (command: SyncCommand, users: readonly User[]) => {
    try {
      const { done, refused } = await syncCommand.mutateAsync({ command, userIds: users.map(({ id }) => id) });
      if (done > 0) toast(texts.sync.done[command](done));
      for (const [why, count] of refused) {
        toast(texts.sync.refused(count, texts.sync.outcome[why]), { intent: 'warning' });
      }
    } catch (error) {
      fail(error);
    }
  };
  const run = (command: UserCommand, users: readonly User[]) => {
    if (command === 'check') return void runCheck(users);
    if (command === 'forceSync') return void runForceSync(users);
    const ofSync = syncCommands.find((name) => name === command);
    if (ofSync) return void runSyncCommand(ofSync, users);
    setAsked(users);
    setAsking(command);
  };

  const running = new Set<UserCommand>();
  if (isChecking) running.add('check');
  if (forceSync.isPending) running.add('forceSync');
  if (syncCommand.isPending) running.add(syncCommand.variables.command);
  const context: CommandContext = { organizationCount: organizations.length, running };
  const close = useCallback(() => setAsking(undefined), []);
  return {
    context,
    run,
    asking,
    asked,
    close,
    done: () => {
      close();
      onDone();
    },
  };
}

/** A check belongs to one organization. */
function byOrganization(users: readonly User[]): Map<OrganizationId, UserId[]> {
  const groups = new Map<OrganizationId, UserId[]>();
  for (const { organizationId, id } of users) groups.set(organizationId, [...(groups.get(organizationId) ?? []), id]);
  return groups;
}
