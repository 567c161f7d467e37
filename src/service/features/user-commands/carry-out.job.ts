import { z } from 'zod';
import { commandRunId, tenantId } from '../../../contract/ids.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import { defineJob, HandedBack, type JobRun } from '../../queue/job.ts';
import { createTurn } from '../../queue/turn.ts';
import { commandJobName } from './command-requests.store.ts';
import type { CommandStore } from './commands.store.ts';

interface Dependencies {
  readonly commands: CommandStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Organizations in which the operator lets no check run. */
  readonly blockedOrganizations: (tenantId: TenantId) => Promise<ReadonlySet<OrganizationId>>;
}

/** A run that keeps failing for reasons of ours ends instead of starting over for ever. */
const mostFailures = 5;
/** A run that took so many workers with it, one after the other, is not tried by another one. */
const mostDeaths = 20;

export const carryOutCommand = defineJob({
  name: commandJobName,
  payload: z.strictObject({ tenantId, runId: commandRunId }),

  // May run twice: each part is done in the transaction that moves the run on, and by the worker that claimed it last.
  async run(payload, dependencies: Dependencies & JobRun) {
    const { commands, clock, logger, blockedOrganizations, signal, retryCount, othersWait } = dependencies;
    const claimed = await commands.claim(payload.tenantId, payload.runId);
    if (!claimed) return; // ended while the job waited
    if (retryCount > mostDeaths) {
      logger.error({ runId: claimed.id, retryCount }, 'command given up');
      return commands.stop(claimed, 'failed');
    }
    const turn = createTurn({ clock, othersWait });
    try {
      const blocked = claimed.command === 'check' ? await blockedOrganizations(payload.tenantId) : new Set<never>();
      for (;;) {
        if (signal.aborted) throw new HandedBack();
        const next = await commands.carryOutNext(claimed, blocked);
        if (next === 'lost') return logger.warn({ runId: claimed.id }, 'command lost: another worker goes on with it');
        if (next !== 'go_on') {
          await commands.stop(claimed, next === 'all_done' ? 'all_done' : 'asked');
          break;
        }
        if (await turn.isOver()) return commands.stop(claimed, 'asked');
      }
      await commands.forgetOld(payload.tenantId);
    } catch (error) {
      if (error instanceof HandedBack || signal.aborted || retryCount < mostFailures) throw error;
      logger.error({ err: error, runId: claimed.id }, 'command failed for good');
      await commands.stop(claimed, 'failed');
    }
  },
});
