import type { ConsentFacts } from '../../../domain/consent/consent-state.ts';
import type { OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import { type Capability, isProbed, isServedBy } from '../../../domain/mailbox-access/capability.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Clock } from '../../clock.ts';
import type { Applications } from '../../entra/applications.ts';
import { readAssignedRoles } from '../../graph/app-role-assignments.ts';
import type { GraphClient } from '../../graph/client.ts';
import { mostSamples, tryFeatures } from './try-features.ts';

export interface FactsDependencies {
  readonly applications: Pick<Applications, 'find' | 'tokensOf'>;
  readonly graph: GraphClient;
  readonly clock: Clock;
  readonly consents: {
    /** Mailboxes of an organization to try a feature on, those that opened last time first. */
    samples(tenantId: TenantId, organizationId: OrganizationId, limit: number): Promise<readonly UserId[]>;
  };
}

/**
 * Asks Microsoft what the organization's application holds: a token that is new, the directory where the token may read it, and for
 * features without a role in the token a call to a few mailboxes, because a role in Exchange shows nowhere else.
 */
export async function gatherFacts(
  { applications, graph, clock, consents }: FactsDependencies,
  organization: {
    readonly tenantId: TenantId;
    readonly id: OrganizationId;
    readonly registration: RegistrationName;
    readonly capabilities: readonly Capability[];
  },
  signal?: AbortSignal,
): Promise<ConsentFacts> {
  const application = applications.find(organization.tenantId, organization.registration);
  const outcome = await applications.tokensOf(organization.registration).refresh(organization.tenantId);
  if (outcome.kind === 'refused') return { problem: outcome.problem, probes: {} };
  const { token, roles } = outcome;
  const assignments =
    application && roles?.includes('Application.Read.All')
      ? await readAssignedRoles(graph, clock, { appId: application.appId, token, signal })
      : undefined;

  const unserved = organization.capabilities.filter(isProbed).filter((one) => !roles || !isServedBy(one, roles));
  const mailboxes =
    unserved.length > 0 ? await consents.samples(organization.tenantId, organization.id, mostSamples) : [];
  const probes = await tryFeatures({ graph, clock }, { capabilities: unserved, mailboxes, token, signal });
  return { problem: null, probes, ...(roles ? { roles } : {}), ...(assignments ? { assignments } : {}) };
}
