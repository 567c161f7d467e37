import type { Consent } from '../../../contract/consent.ts';
import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import type { AppId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { ReportActivities } from './report-activities.store.ts';

/** An application that reaches mailboxes of a run. */
export interface ReportedApplication {
  /** Null for the service's own one. */
  readonly registration: RegistrationName | null;
  /** Null when the service is not configured for it any more. */
  readonly clientId: AppId | null;
  readonly proof: ScopeProof | undefined;
}

/** What every report says beside its own subject. */
export interface Circumstances {
  readonly tenantId: TenantId;
  /** Of the organizations that the run covered, as they stand now. */
  readonly applications: readonly ReportedApplication[];
  readonly version: string;
  readonly madeAt: Date;
  readonly madeBy: string;
  /** Of each organization that the run covered and that is still there, as last verified. */
  readonly consents: readonly { readonly id: OrganizationId; readonly name: string; readonly consent: Consent }[];
  readonly activities: Awaited<ReturnType<ReportActivities['between']>>;
}

/** Where the circumstances come from; each is read as it stands now. */
export interface CircumstanceSources {
  readonly clock: Clock;
  readonly version: string;
  readonly activities: ReportActivities;
  readonly consents: { get(tenantId: TenantId, id: OrganizationId): Promise<Consent> };
  readonly latestProof: (tenantId: TenantId, registration: RegistrationName) => Promise<ScopeProof | undefined>;
  readonly organizations: {
    list(tenantId: TenantId): Promise<
      readonly {
        readonly id: OrganizationId;
        readonly name: string;
        readonly connectionType: ConnectionType;
        readonly registration: RegistrationName | null;
        readonly clientId: AppId | null;
      }[]
    >;
  };
}

/** The line about the end of a run is written just after it. */
const afterEndMs = 1_000;

/** @param run the organization that it covered, or null for all, and its time; `finishedAt` null while it goes on */
export async function gatherCircumstances(
  { clock, version, activities, consents, latestProof, organizations }: CircumstanceSources,
  { tenantId, displayName }: Admin,
  run: {
    readonly organizationId: OrganizationId | null;
    readonly createdAt: string;
    readonly finishedAt: string | null;
  },
): Promise<Circumstances> {
  const madeAt = clock.now();
  const end = run.finishedAt ? new Date(Date.parse(run.finishedAt) + afterEndMs) : madeAt;
  const covered = (await organizations.list(tenantId)).filter(({ id, connectionType }) =>
    run.organizationId ? id === run.organizationId : connectionType === 'graph_app_only',
  );
  const used = new Map(covered.map((organization) => [organization.registration, organization]));
  return {
    tenantId,
    applications: await Promise.all(
      [...used.values()].map(async ({ registration, clientId }) => ({
        registration,
        clientId,
        proof: await latestProof(tenantId, registration ?? ownRegistration),
      })),
    ),
    version,
    madeAt,
    madeBy: displayName,
    consents: await Promise.all(
      covered.map(async ({ id, name }) => ({ id, name, consent: await consents.get(tenantId, id) })),
    ),
    activities: await activities.between(tenantId, new Date(run.createdAt), end),
  };
}
