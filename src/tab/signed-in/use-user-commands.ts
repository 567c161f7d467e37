import { useCallback, useEffect, useState } from 'react';
import type { Organization } from '../../contract/organizations.ts';
import type { User } from '../../contract/users.ts';
import type { CheckId, OrganizationId, UserId } from '../../domain/ids.ts';
import { hasEnded, useCheckById, useStartCheck } from '../features/mailbox-connectivity/use-connectivity-check.ts';
import { useForceSynchronization } from '../features/mailbox-sync/use-force-synchronization.ts';
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
  const [checkId, setCheckId] = useState<CheckId>();
  const [asking, setAsking] = useState<UserCommand>();
  const [asked, setAsked] = useState<readonly User[]>([]);
  const check = useCheckById(checkId).data;
  const isChecking = startCheck.isPending || checkId !== undefined;

  useEffect(() => {
    if (!check || !hasEnded(check.state)) return;
    const isAll = check.counts.working === check.total;
    toast(isAll ? texts.check.success : texts.check.ended, {
      intent: isAll ? 'success' : 'warning',
      body: isAll ? texts.check.connected : texts.users.done.checkEnded(check.counts.working, check.total),
    });
    setCheckId(undefined);
  }, [check, texts, toast]);

  const fail = (error: unknown) => {
    const { title, remedy } = wordsOfError(error, texts);
    toast(title, { intent: 'warning', body: remedy });
  };
  const runCheck = async (users: readonly User[]) => {
    for (const [organizationId, userIds] of byOrganization(users)) {
      try {
        const started = await startCheck.mutateAsync({ organizationId, userIds });
        setCheckId(started.check.id);
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
  const run = (command: UserCommand, users: readonly User[]) => {
    if (command === 'check') return void runCheck(users);
    if (command === 'forceSync') return void runForceSync(users);
    setAsked(users);
    setAsking(command);
  };

  const running = new Set<UserCommand>();
  if (isChecking) running.add('check');
  if (forceSync.isPending) running.add('forceSync');
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
