import { z } from 'zod';
import { syncSessionId, tenantId } from '../../../contract/ids.ts';
import type { Clock } from '../../clock.ts';
import type { Applications } from '../../entra/applications.ts';
import type { GraphClient } from '../../graph/client.ts';
import { createPacedClient } from '../../graph/paced-client.ts';
import type { TenantPaces } from '../../graph/tenant-pace.ts';
import type { Logger } from '../../log.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { passStep } from '../../steps.ts';
import { runSession } from './run-session.ts';
import { saveOutcomes } from './save-outcomes.ts';
import { createSessionTokens } from './session-tokens.ts';
import { syncJobName } from './sync-batches.ts';
import type { SyncSessionStore } from './sync-sessions.store.ts';

interface Dependencies {
  readonly sessions: SyncSessionStore;
  readonly graph: GraphClient;
  readonly applications: Pick<Applications, 'tokensOf'>;
  readonly paces: TenantPaces;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const synchronizeMailbox = defineJob({
  name: syncJobName,
  payload: z.strictObject({ tenantId, sessionId: syncSessionId }),

  // May run twice: a session ends once, and delta links move only with its end.
  async run(payload, { sessions, graph, applications, paces, clock, logger, signal }: Dependencies & JobRun) {
    const session = await sessions.claim(payload.tenantId, payload.sessionId);
    if (!session) return; // ended, or its user was removed while the job waited
    passStep('session.claimed');
    const outcome = await runSession(session, {
      graph: createPacedClient({ graph, pace: await paces.of(session.tenantId, session.registration), clock }),
      tokens: createSessionTokens(applications.tokensOf(session.registration), session.tenantId, clock),
      clock,
      logger,
      signal,
    });
    await saveOutcomes(sessions, session.tenantId, [{ session, outcome }], logger);
  },
});
