import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { Organization } from '../../contract/organizations.ts';
import type { User } from '../../contract/users.ts';
import type { CheckId, CommandRunId, OrganizationId, UserId } from '../../domain/ids.ts';
import { useStartCheck } from '../features/mailbox-connectivity/use-check-commands.ts';
import { useChecksById } from '../features/mailbox-connectivity/use-connectivity-check.ts';
import { useForceSynchronization } from '../features/mailbox-sync/use-force-synchronization.ts';
import { syncCommands, useSyncCommand } from '../features/mailbox-sync/use-sync-command.ts';
import { useStartCommand } from '../features/user-commands/use-command-runs.ts';
import { confirmedCommands } from '../features/users/CommandConfirmDialog.tsx';
import { useMoveUsers, useRemoveUsers } from '../features/users/use-users.ts';
import { type CommandContext, isRun, type UserCommand, type UserSelection } from '../features/users/user-commands.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { wordsOfError } from '../ui/error-words.ts';
import { useToast } from '../ui/toast.tsx';

interface Options {
  readonly organizations: readonly Organization[];
  /** A command was carried out, or its run has been started. */
  readonly onDone: () => void;
  /** A run was started: it says of each user what became of it. */
  readonly onRun: (runId: CommandRunId) => void;
}

/** One user's command answers at once, in words; a command over many is a run that is opened. */
export function useUserCommands({ organizations, onDone, onRun }: Options) {
  const texts = useTexts();
  const toast = useToast();
  const checking = useChecks();
  const forceSync = useForceSynchronization();
  const syncCommand = useSyncCommand();
  const moveUsers = useMoveUsers();
  const removeUsers = useRemoveUsers();
  const startCommand = useStartCommand();
  const [asked, setAsked] = useState<{ command: UserCommand; selection: UserSelection }>();

  async function startRun(command: UserCommand, { users, matching }: UserSelection, target?: Organization) {
    const { run, joined } = await startCommand.mutateAsync({
      command,
      ...(matching ? { filter: matching.filter } : { userIds: users.map(({ id }) => id) }),
      ...(target ? { organizationId: target.id } : {}),
    });
    if (joined) toast(texts.userCommands.joined, { intent: 'info' });
    onRun(run.id);
  }

  async function runForOne(command: UserCommand, user: User, target?: Organization) {
    const userIds = [user.id];
    const ofSync = syncCommands.find((name) => name === command);
    if (ofSync) {
      const { done, refused } = await syncCommand.mutateAsync({ command: ofSync, userIds });
      if (done > 0) toast(texts.sync.done[ofSync](done));
      for (const [why, count] of refused) {
        toast(texts.sync.refused(count, texts.sync.outcome[why]), { intent: 'warning' });
      }
    } else if (command === 'forceSync') {
      await forceSync.mutateAsync(user.id);
      toast(texts.users.done.syncStarted(1));
    } else if (command === 'move' && target) {
      const { moved } = await moveUsers.mutateAsync({ organizationId: target.id, userIds });
      toast(texts.users.done.moved(moved, target.name));
    } else if (command === 'remove' || command === 'forceRemove') {
      const { removed, keptInitialized } = await removeUsers.mutateAsync({
        userIds,
        force: command === 'forceRemove',
      });
      if (removed > 0) toast(texts.users.done.removed(removed));
      else if (keptInitialized.length > 0) toast(texts.users.done.kept, { intent: 'warning' });
    }
  }

  const carryOut = useMutation({
    mutationFn: async ({ command, selection, target }: CommandToCarryOut) => {
      const [user] = selection.users;
      if (isRun(selection)) await startRun(command, selection, target);
      else if (user) await runForOne(command, user, target);
    },
    onSuccess: (_done, { command, selection }) => {
      setAsked(undefined);
      // A selection stays where only its switches have changed, so that the next command can follow.
      if (isRun(selection) || command === 'move' || command === 'remove' || command === 'forceRemove') onDone();
    },
    onError: (error) => {
      // The dialog that asked shows it by itself.
      if (asked) return;
      const { title, remedy } = wordsOfError(error, texts);
      toast(title, { intent: 'warning', body: remedy });
    },
  });

  const run = (command: UserCommand, selection: UserSelection) => {
    // Checks are runs of their own; named users are told their result.
    if (command === 'check' && !selection.matching) return checking.start(selection.users);
    if (isAsked(command) && (isRun(selection) || !isHarmlessForOne(command))) {
      carryOut.reset();
      return setAsked({ command, selection });
    }
    carryOut.mutate({ command, selection });
  };

  const running = new Set<UserCommand>();
  if (checking.isRunning) running.add('check');
  if (carryOut.isPending) running.add(carryOut.variables.command);
  const context: CommandContext = { organizationCount: organizations.length, running };
  return {
    context,
    run,
    /** What the admin is asked about before it is carried out. */
    asked,
    isPending: carryOut.isPending,
    error: carryOut.error,
    confirm: (target?: Organization) => {
      if (asked) carryOut.mutate({ ...asked, ...(target ? { target } : {}) });
    },
    close: useCallback(() => setAsked(undefined), []),
  };
}

interface CommandToCarryOut {
  readonly command: UserCommand;
  readonly selection: UserSelection;
  readonly target?: Organization;
}

const isAsked = (command: UserCommand) =>
  command === 'move' || confirmedCommands.some((confirmed) => confirmed === command);
/** One mailbox is read again within seconds; many take long. */
const isHarmlessForOne = (command: UserCommand) => command === 'reset' || command === 'reinitialize';

/** Checks of named users, one per organization, with a word when they have ended. */
function useChecks() {
  const texts = useTexts();
  const toast = useToast();
  const startCheck = useStartCheck();
  const [checkIds, setCheckIds] = useState<readonly CheckId[]>([]);
  const { checks, error: checkError, isSettled } = useChecksById(checkIds);

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

  const start = async (users: readonly User[]) => {
    for (const [organizationId, userIds] of byOrganization(users)) {
      try {
        const started = await startCheck.mutateAsync({ organizationId, userIds });
        setCheckIds((known) => [...known, started.check.id]);
        toast(texts.users.done.checkStarted(userIds.length), { intent: 'info' });
      } catch (error) {
        const { title, remedy } = wordsOfError(error, texts);
        toast(title, { intent: 'warning', body: remedy });
      }
    }
  };
  return {
    start: (users: readonly User[]) => void start(users),
    isRunning: startCheck.isPending || checkIds.length > 0,
  };
}

/** A check belongs to one organization. */
function byOrganization(users: readonly User[]): Map<OrganizationId, UserId[]> {
  const groups = new Map<OrganizationId, UserId[]>();
  for (const { organizationId, id } of users) groups.set(organizationId, [...(groups.get(organizationId) ?? []), id]);
  return groups;
}
