import { z } from 'zod';
import { registrationName, scopeProofId, tenantId } from '../../../contract/ids.ts';
import type { UserId } from '../../../domain/ids.ts';
import { isProbed } from '../../../domain/mailbox-access/capability.ts';
import { findingOf } from '../../../domain/mailbox-scope/proof-verdict.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import type { Logger } from '../../log.ts';
import { probeAndSave } from '../../mailbox-probes/probe-and-save.ts';
import type { ProbeRunDependencies } from '../../mailbox-probes/probe-run.ts';
import { defineJob, HandedBack, type JobRun } from '../../queue/job.ts';
import type { DirectoryStore } from './directory.store.ts';
import { proofJobName } from './proof-requests.store.ts';
import type { ProofStore } from './proofs.store.ts';

interface Dependencies extends ProbeRunDependencies {
  readonly proveAs: (registration: RegistrationName) => {
    readonly proofs: ProofStore;
    readonly directory: Pick<DirectoryStore, 'ensureRead'>;
  };
  readonly logger: Logger;
}

const directoryMaxAgeMinutes = 60;
const pageSize = 2_000;
const mostFailures = 5;

export const proveScope = defineJob({
  name: proofJobName,
  payload: z.strictObject({
    tenantId,
    registration: registrationName.or(z.literal(ownRegistration)).default(ownRegistration),
    proofId: scopeProofId,
  }),

  // May run twice: the choice is stored before the first call, and only mailboxes without a finding are tried.
  async run(payload, { proveAs, logger, signal, retryCount, ...probing }: Dependencies & JobRun) {
    const { proofs, directory } = proveAs(payload.registration);
    const claimed = await proofs.claim(payload.tenantId, payload.proofId);
    if (!claimed) return;

    let after: UserId | undefined;
    try {
      if (!claimed.isChosen) {
        const reading = await directory.ensureRead(payload.tenantId, { maxAgeMinutes: directoryMaxAgeMinutes, signal });
        const isDirectoryKnown = reading.readAt !== null;
        // Everybody is who the directory says; an older list would leave out who came last.
        if (claimed.proof.is_sweep && reading.kind === 'refused') return await proofs.finish(claimed, 'failed');
        const chosen = await proofs.choose(claimed, isDirectoryKnown);
        if (chosen === 'lost') return;
        if (chosen === 'not_set') return await proofs.finish(claimed, 'failed');
      }
      const end = await probeAndSave(
        {
          tenantId: payload.tenantId,
          registration: payload.registration,
          async nextMailboxes() {
            const page = await proofs.pending(claimed, after, pageSize);
            after = page.at(-1);
            // What a mailbox answers is compared with the limit afterwards.
            return page.map((userId) => ({
              userId,
              capabilities: claimed.capabilities,
              intended: 'not_limited' as const,
            }));
          },
          wasLetIn: false,
          isStopWantedAlready: false,
          save: (results) =>
            proofs.saveFindings(
              claimed,
              results.map(({ userId, capabilities }) => ({
                userId,
                ...findingOf(capabilities.filter((one) => isProbed(one.capability)).map(({ reason }) => reason)),
              })),
            ),
          signal,
        },
        probing,
      );
      if (end === 'lost') return;
      if (end === 'consent_changed') await proofs.leaveUntold(claimed);
      await proofs.finish(claimed, 'completed');
    } catch (error) {
      if (error instanceof HandedBack || retryCount < mostFailures) throw error;
      logger.error({ err: error, proofId: payload.proofId }, 'proof failed for good');
      await proofs.finish(claimed, 'failed');
    }
  },
});
