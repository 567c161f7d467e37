import { z } from 'zod';
import { consentChangeId, tenantId } from '../../../contract/ids.ts';
import { nextLookAt } from '../../../domain/consent/propagation.ts';
import { defineJob, type JobRun } from '../../queue/job.ts';
import { type ConsentStore, verifyAgainJobName } from './consents.store.ts';
import { type FactsDependencies, gatherFacts } from './gather-facts.ts';

interface Dependencies extends FactsDependencies {
  readonly consents: ConsentStore;
}

export const verifyAgain = defineJob({
  name: verifyAgainJobName,
  payload: z.object({ tenantId, changeId: consentChangeId }),

  // May run twice: when to look follows from the stored change alone, and saving ends it.
  async run(payload, { consents, clock, signal, ...others }: Dependencies & JobRun) {
    for (;;) {
      const waiting = await consents.findWaiting(payload.tenantId, payload.changeId);
      if (!waiting) return; // it has spread, its bound has passed, or its organization was deleted
      const { organization, change } = waiting;
      const now = clock.now();
      const look = nextLookAt(change.changed_at, change.expected_by, now);
      if (look) await clock.wait(look.getTime() - now.getTime(), signal);
      const facts = await gatherFacts({ ...others, consents, clock }, organization, signal);
      await consents.save(organization, facts);
    }
  },
});
