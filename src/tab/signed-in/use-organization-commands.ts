import { useRef, useState } from 'react';
import type { Organization } from '../../contract/organizations.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { useStartCheck } from '../features/mailbox-connectivity/use-check-commands.ts';
import type { CommandOutcome, OrganizationCommand } from '../features/organizations/list/organization-commands.ts';
import { useRefresh, useSwitchSynchronization } from '../features/organizations/use-organizations.ts';
import { useRemembered } from '../ui/use-remembered.ts';

interface Run {
  readonly command: OrganizationCommand;
  readonly organizations: readonly Organization[];
  readonly outcomes: ReadonlyMap<OrganizationId, CommandOutcome>;
}

/** Carries out a command on organizations one after the other, and keeps what became of each. */
export function useOrganizationCommands() {
  const startCheck = useStartCheck();
  const switchSync = useSwitchSynchronization();
  const refresh = useRefresh();
  const [isCheckOnly] = useRemembered('check-only');
  const [run, setRun] = useState<Run>();
  const [isRunning, setRunning] = useState(false);
  const isStopped = useRef(false);

  const tell = ({ id }: Organization, outcome: CommandOutcome) =>
    setRun((known) => known && { ...known, outcomes: new Map(known.outcomes).set(id, outcome) });

  const carryOut = async (command: OrganizationCommand, organization: Organization): Promise<CommandOutcome> => {
    const { id: organizationId } = organization;
    if (command === 'check') {
      const { check, joined } = await startCheck.mutateAsync({ organizationId, changeConnection: !isCheckOnly });
      return { state: 'checking', mailboxes: check.total, isJoined: joined, checkId: check.id };
    }
    const syncEnabled = command === 'enableSync';
    if (organization.syncEnabled === syncEnabled) return { state: 'unchanged' };
    await switchSync.mutateAsync({ organizationId, syncEnabled });
    return { state: 'done' };
  };

  const start = async (command: OrganizationCommand, organizations: readonly Organization[]) => {
    isStopped.current = false;
    setRunning(true);
    setRun({ command, organizations, outcomes: new Map() });
    for (const organization of organizations) {
      if (isStopped.current) {
        tell(organization, { state: 'stopped' });
        continue;
      }
      tell(organization, { state: 'running' });
      try {
        tell(organization, await carryOut(command, organization));
      } catch (error) {
        tell(organization, { state: 'refused', error });
      }
    }
    setRunning(false);
    await refresh();
  };

  const results = run?.organizations.map((organization) => ({
    organization,
    outcome: run.outcomes.get(organization.id) ?? ({ state: 'waiting' } as const),
  }));
  return {
    command: run?.command,
    results: results ?? [],
    isRunning,
    start: (command: OrganizationCommand, organizations: readonly Organization[]) => void start(command, organizations),
    stop: () => {
      isStopped.current = true;
    },
    close: () => setRun(undefined),
  };
}
