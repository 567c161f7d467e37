import type { Organization } from '../../src/contract/organizations.ts';
import type { Stack } from './stack.ts';

/** An organization with everybody of the tenant in it (not the deleted items), and the permissions granted. */
export async function arrangeOrganization(stack: Stack, name = 'Head office'): Promise<Organization> {
  const { tenant, registration } = stack.sandbox;
  tenant.grants.grant(...registration.requiredAppRoles);
  const externalId = name.toLowerCase().replaceAll(' ', '-');
  const organization = await stack.callService<Organization>('POST', '/api/organizations', { name, externalId });
  const users = tenant.people.map(({ id, displayName, userPrincipalName, mail }) => ({
    id,
    displayName: displayName.slice(0, 256),
    userPrincipalName,
    mail,
  }));
  for (let start = 0; start < users.length; start += 1000) {
    await stack.callService('POST', `/api/organizations/${organization.id}/users`, {
      users: users.slice(start, start + 1000),
    });
  }
  return organization;
}
