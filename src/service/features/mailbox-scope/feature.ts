import type { TenantId, UserId } from '../../../domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { Application, Applications } from '../../entra/applications.ts';
import type { Route } from '../../http/route.ts';
import {
  type ApplicationScope,
  type ApplicationScopeDependencies,
  createApplicationScope,
} from './application-scope.ts';
import { createDirectoryStore } from './directory.store.ts';
import { createDriftLooks, type DriftLooks } from './drift-looks.store.ts';
import { proofRoutes } from './proof-routes.ts';
import { createProofStore } from './proofs.store.ts';
import { mailboxScopeRoutes } from './routes.ts';

export type { ApplicationScope } from './application-scope.ts';

/** @throws AppError `registration.not_configured` */
export type ScopeOf = (
  tenantId: TenantId,
  of: { readonly registration?: RegistrationName | undefined },
) => ApplicationScope;

interface Dependencies extends Omit<ApplicationScopeDependencies, 'verifyConsents' | 'ownExchangeTokens'> {
  readonly applications: Applications;
  /** Verifies the consent of every organization anew that one application serves. */
  readonly verifyConsents: (tenantId: TenantId, registration: RegistrationName, signal?: AbortSignal) => Promise<void>;
  readonly recheckMinutes: number;
}

/** Puts the limits of the applications together: each has its own. */
export function createMailboxScope(dependencies: Dependencies): {
  readonly routes: Route[];
  readonly looks: DriftLooks;
  /** What a proof is carried out with; without its application it ends and could tell nothing. */
  readonly proveAs: (registration: RegistrationName) => Pick<ApplicationScope, 'proofs' | 'directory'>;
  readonly of: (
    tenantId: TenantId,
    registration: RegistrationName,
  ) => (ApplicationScope & { readonly application: Application }) | undefined;
} {
  const { db, applications } = dependencies;
  const scopes = new Map(
    applications.all.map((application) => [
      application.registration,
      {
        application,
        ...createApplicationScope(application, {
          ...dependencies,
          ownExchangeTokens: applications.own.exchangeTokens,
          verifyConsents: (tenantId) => dependencies.verifyConsents(tenantId, application.registration),
        }),
      },
    ]),
  );

  function of(tenantId: TenantId, registration: RegistrationName) {
    const scope = scopes.get(registration);
    return scope?.application.isFor(tenantId) ? scope : undefined;
  }

  const scopeOf: ScopeOf = (tenantId, { registration = ownRegistration }) => {
    const scope = of(tenantId, registration);
    if (!scope) throw new AppError('registration.not_configured', { details: { registration } });
    return scope;
  };

  return {
    looks: createDriftLooks(dependencies),
    proveAs: (registration) =>
      scopes.get(registration) ?? {
        proofs: createProofStore({ ...dependencies, registration }),
        directory: createDirectoryStore({ ...dependencies, tokens: applications.tokensOf(registration) }),
      },
    of,
    routes: [
      ...mailboxScopeRoutes({
        scopeOf,
        accessOf: async (tenantId, userId) =>
          scopeOf(tenantId, { registration: await registrationOf(tenantId, userId) }).accessOf(tenantId, userId),
      }),
      ...proofRoutes({ scopeOf }),
    ],
  };

  async function registrationOf(tenantId: TenantId, userId: UserId): Promise<RegistrationName> {
    const row = await db
      .selectFrom('users as u')
      .innerJoin('organizations as o', (join) =>
        join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
      )
      .select('o.registration')
      .where('u.tenant_id', '=', tenantId)
      .where('u.id', '=', userId)
      .executeTakeFirst();
    if (!row) throw new AppError('user.not_found');
    return row.registration;
  }
}
