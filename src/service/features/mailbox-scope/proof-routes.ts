import { dismissScopeDrift, getScopeProof, startScopeProof } from '../../../contract/mailbox-scope.ts';
import { AppError } from '../../app-error.ts';
import { type Route, route } from '../../http/route.ts';
import type { DriftStore } from './drifts.store.ts';
import type { ProofStore } from './proofs.store.ts';

interface Dependencies {
  readonly proofs: Pick<ProofStore, 'start' | 'find'>;
  readonly drifts: Pick<DriftStore, 'dismiss'>;
}

/** Proofs of the limit, and what changed elsewhere. */
export function proofRoutes({ proofs, drifts }: Dependencies): Route[] {
  return [
    route(startScopeProof, async ({ admin, body: { sweep } }) => {
      const { proof } = await proofs.start(admin.tenantId, { sweep, by: admin });
      return proof;
    }),

    route(getScopeProof, async ({ admin, params }) => {
      const proof = await proofs.find(admin.tenantId, params.proofId);
      if (!proof) throw new AppError('scope.proof_not_found');
      return proof;
    }),

    route(dismissScopeDrift, ({ admin, params }) => drifts.dismiss(admin, params.driftId)),
  ];
}
