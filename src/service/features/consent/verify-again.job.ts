import { z } from 'zod';
import { consentChangeId, tenantId } from '../../../contract/ids.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { type ConsentStore, verifyAgainJobName } from './consents.store.ts';
import { type FactsDependencies, gatherFacts } from './gather-facts.ts';

interface Dependencies extends FactsDependencies {
  readonly consents: ConsentStore;
}

/** One look at a change that is still on its way. */
export const verifyAgain = defineJob({
  name: verifyAgainJobName,
  payload: z.strictObject({ tenantId, changeId: consentChangeId, look: z.number().int().min(1) }),

  // May run twice: saving ends the change, or enqueues the next look under an id that only one job can have.
  async run(payload, { consents, signal, ...asking }: Dependencies & JobRun) {
    const waiting = await consents.findWaiting(payload.tenantId, payload.changeId);
    if (!waiting) return; // it has spread, its bound has passed, or its organization was deleted
    const facts = await gatherFacts({ ...asking, consents }, waiting.organization, signal);
    await consents.save(waiting.organization, facts, { look: payload.look });
  },
});
