import { z } from 'zod';
import { syncSessionId, tenantId } from '../../../contract/ids.ts';
import { reasonOfAnswer } from '../../../domain/mailbox-access/mailbox-answer.ts';
import type { Clock } from '../../clock.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import { reasonOfTokenProblem } from '../../entra/token-reason.ts';
import type { GraphClient } from '../../graph/client.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { readChanges } from './read-changes.ts';
import { type SyncSessionStore, syncJobName } from './sync-sessions.store.ts';

interface Dependencies {
  readonly sessions: SyncSessionStore;
  readonly graph: GraphClient;
  readonly tokens: AppTokens;
  readonly clock: Clock;
}

export const synchronizeMailbox = defineJob({
  name: syncJobName,
  payload: z.object({ tenantId, sessionId: syncSessionId }),

  // May run twice: a session ends once, and delta links move only with its end.
  async run(payload, { sessions, graph, tokens, clock, signal }: Dependencies & JobRun) {
    const session = await sessions.claim(payload.tenantId, payload.sessionId);
    if (!session) return; // ended, or its user was removed while the job waited

    let outcome = await tokens.get(session.tenantId);
    for (const mayRefresh of [true, false]) {
      if (outcome.kind === 'refused') return sessions.fail(session, reasonOfTokenProblem[outcome.problem]);
      const { token, roles } = outcome;
      const { userId: mailbox, capabilities, grants, deltaLinks } = session;
      const changes = await readChanges(graph, clock, {
        mailbox,
        capabilities,
        grants,
        token,
        roles,
        deltaLinks,
        signal,
      });
      if (changes.kind === 'read') return sessions.succeed(session, changes.changes, changes.deltaLinks);
      // A refused token is tried again with a new one, once.
      if (changes.answer.kind === 'token_refused' && mayRefresh) {
        outcome = await tokens.refresh(session.tenantId);
        continue;
      }
      return sessions.fail(session, reasonOfAnswer(changes.answer, changes.capability, roles));
    }
  },
});
