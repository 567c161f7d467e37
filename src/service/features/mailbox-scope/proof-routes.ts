import { dismissScopeDrift, getScopeProof, startScopeProof } from '../../../contract/mailbox-scope.ts';
import { AppError } from '../../app-error.ts';
import { type Route, route } from '../../http/route.ts';
import type { ScopeOf } from './feature.ts';

/** Proofs of the limit of an application, and what changed elsewhere. */
export function proofRoutes({ scopeOf }: { readonly scopeOf: ScopeOf }): Route[] {
  return [
    route(startScopeProof, async ({ admin, query, body: { sweep } }) => {
      const { proof } = await scopeOf(admin.tenantId, query).proofs.start(admin.tenantId, { sweep, by: admin });
      return proof;
    }),

    route(getScopeProof, async ({ admin, query, params }) => {
      const proof = await scopeOf(admin.tenantId, query).proofs.find(admin.tenantId, params.proofId);
      if (!proof) throw new AppError('scope.proof_not_found');
      return proof;
    }),

    route(dismissScopeDrift, ({ admin, query, params }) =>
      scopeOf(admin.tenantId, query).drifts.dismiss(admin, params.driftId),
    ),
  ];
}
