import { z } from 'zod';
import { assignmentRunId, tenantId } from '../../../contract/ids.ts';
import { decideAssignment, isSameDecision } from '../../../domain/assignment-rules/decide.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { Clock } from '../../clock.ts';
import type { Applications } from '../../entra/applications.ts';
import type { GraphClient } from '../../graph/client.ts';
import type { Logger } from '../../log.ts';
import { defineJob, HandedBack, type JobRun } from '../../queue/job.ts';
import { createConflictTally } from './conflict-tally.ts';
import type { Decided } from './decided.ts';
import type { DirectoryMirror } from './directory-mirror.store.ts';
import { readDirectory } from './read-directory.ts';
import { assignmentJobName } from './run-requests.store.ts';
import type { RunStore } from './runs.store.ts';

interface Dependencies {
  readonly runs: RunStore;
  readonly mirror: DirectoryMirror;
  readonly applications: Pick<Applications, 'tokensOf'>;
  readonly graph: GraphClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

const pageSize = 1_000;
/** People whose changes are stored together, and at most a page more: a list that is opened meanwhile waits for them. */
const mostUnsaved = 500;
const mostFailures = 5;

export const runAssignments = defineJob({
  name: assignmentJobName,
  payload: z.strictObject({ tenantId, runId: assignmentRunId }),

  // May run twice: people are judged by where they are then, and what was done to somebody is noted once.
  async run(payload, { runs, mirror, logger, signal, retryCount, ...asking }: Dependencies & JobRun) {
    const run = await runs.claim(payload.tenantId, payload.runId);
    if (!run) return;
    try {
      await runs.forgetObsolete(payload.tenantId);
      const readers = await runs.readersFor(run);
      const problem = await readDirectory({ mirror, ...asking }, payload.tenantId, readers, signal);
      if (problem) return await runs.finish(run, { problem });
      const conflicts = await judgeEverybody();
      await runs.finish(run, { conflicts });
    } catch (error) {
      if (error instanceof HandedBack || retryCount < mostFailures) throw error;
      logger.error({ err: error, runId: payload.runId }, 'assignment run failed for good');
      await runs.finish(run, 'failed');
    }

    async function judgeEverybody() {
      const { tenant_id: tenant, rules, rule_id: tried } = run as NonNullable<typeof run>;
      const groupIds = rules.flatMap(({ condition }) => (condition.kind === 'group' ? [condition.groupId] : []));
      const unread = await mirror.unreadGroups(tenant, groupIds);
      const inEffect = { rules, unread };
      const before = { rules: rules.filter(({ id }) => id !== tried), unread };
      const tally = createConflictTally(inEffect, tried);
      let unsaved: Decided[] = [];
      let after: UserId | undefined;
      for (;;) {
        signal.throwIfAborted();
        const page = await runs.subjectsAfter(tenant, after, pageSize);
        for (const subject of page) {
          const decision = decideAssignment(subject, inEffect);
          tally.add(subject);
          // A preview tells what its rule makes different, not what the others do anyway.
          const isNews = tried
            ? !isSameDecision(decision, decideAssignment(subject, before))
            : decision.kind !== 'in_step' || subject.wasRemoved;
          if (isNews) unsaved.push({ subject, decision });
        }
        after = page.at(-1)?.id;
        const isEnd = page.length < pageSize;
        if (unsaved.length >= mostUnsaved || (isEnd && unsaved.length > 0)) {
          await runs.save(run as NonNullable<typeof run>, unsaved);
          unsaved = [];
        }
        if (isEnd) return tally.conflicts();
      }
    }
  },
});
