import type { Hono } from 'hono';
import { issueDelegatedTokens } from './entra/delegated-tokens.ts';
import { issueInteractively } from './entra/user-consent.ts';
import type { HostAccount } from './teams-host/client/settings.ts';
import { teamsHostRoutes } from './teams-host/routes.ts';
import { directoryRoles } from './tenant/directory-roles.ts';
import { type NamedPerson, namedPeople } from './tenant/named-people.ts';
import type { World } from './world.ts';

/** The Teams host page, with this tenant's people and tokens behind it. */
export function teamsHost(world: World): Hono {
  const { registration } = world;
  return teamsHostRoutes({
    page: () => ({
      tabUrl: `${registration.tabOrigin}/`,
      tenantId: registration.homeTenantId,
      tenantName: world.tenants.get(registration.homeTenantId)?.displayName ?? '',
      clientId: registration.clientId,
      apiScope: `${registration.appIdUri}/${registration.scope.value}`,
      accounts: accountsOf(world),
    }),
    issueTokens: async ({ userId, clientId, scopes, isInteractive }) => {
      const request = { userId, clientId, scopes: scopes.join(' ') };
      return isInteractive ? issueInteractively(world, request) : issueDelegatedTokens(world, request);
    },
  });
}

/** The people that tests call by name and that may sign in, as long as they are in the directory. */
function accountsOf(world: World): HostAccount[] {
  const tenant = world.tenants.get(world.registration.homeTenantId);
  return Object.values<NamedPerson>(namedPeople).flatMap(({ userPrincipalName }) => {
    const person = tenant?.find(userPrincipalName);
    if (!person?.accountEnabled || person.deletedAt) return [];
    const role = person.directoryRoles.map((each) => directoryRoles[each].displayName).join(', ');
    return [{ id: person.id, displayName: person.displayName, userPrincipalName, role }];
  });
}
