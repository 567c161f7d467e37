import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import type { Tx } from '../../db/schema.ts';

/** What the consent of an organization needs to know of it. */
export interface ConsentingOrganization {
  readonly tenantId: TenantId;
  readonly id: OrganizationId;
  readonly name: string;
  /** The application that the consent is for. */
  readonly registration: RegistrationName;
  readonly capabilities: readonly Capability[];
}

type OfApplication = Pick<ConsentingOrganization, 'tenantId' | 'id' | 'registration'>;

/** Whether the organization still uses this application; until the transaction ends, it does. */
export async function isUsed(tx: Tx, { tenantId, id, registration }: OfApplication): Promise<boolean> {
  const organization = await tx
    .selectFrom('organizations')
    .select('registration')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst();
  return organization?.registration === registration;
}

/** Features of the tenant's other organizations on Microsoft Graph that the same application serves. */
export async function usedElsewhere(tx: Tx, { tenantId, id, registration }: OfApplication): Promise<Capability[]> {
  const rows = await tx
    .selectFrom('organizations')
    .select('capabilities')
    .where('tenant_id', '=', tenantId)
    .where('id', '<>', id)
    .where('registration', '=', registration)
    .where('connection_type', '=', 'graph_app_only')
    .execute();
  return [...new Set(rows.flatMap(({ capabilities }) => capabilities))];
}

/** Whether a rule puts the members of a group into an organization of the application: it reads who they are. */
export async function readsGroups(tx: Tx, { tenantId, registration }: Omit<OfApplication, 'id'>): Promise<boolean> {
  const rule = await tx
    .selectFrom('assignment_rules as r')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'r.tenant_id').onRef('o.id', '=', 'r.organization_id'),
    )
    .select('r.id')
    .where('r.tenant_id', '=', tenantId)
    .where('r.group_id', 'is not', null)
    .where('o.registration', '=', registration)
    .limit(1)
    .executeTakeFirst();
  return rule !== undefined;
}
