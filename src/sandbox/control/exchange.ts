import type { z } from 'zod';
import type { RoleAssignment } from '../exchange/objects.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { exchangeBody } from './bodies.ts';

/**
 * Changes Exchange as another administrator would, without a cmdlet.
 * @returns what was to be removed and is not there; nothing is changed then
 */
export function changeExchange(tenant: Tenant, body: z.infer<typeof exchangeBody>): string | undefined {
  const { exchange, grants } = tenant;
  const wanted = [
    named(exchange.current(exchange.assignments), ({ name }) => name, body.removeAssignments),
    named(exchange.current(exchange.scopes), ({ name }) => name, body.removeScopes),
    named(exchange.current(exchange.policies), ({ identity }) => identity, body.removePolicies),
    named(exchange.current(exchange.servicePrincipals), ({ objectId }) => objectId, body.removeServicePrincipals),
  ];
  const missing = wanted.flatMap((each) => each.missing)[0];
  if (missing !== undefined) return missing;
  for (const { found } of wanted) for (const each of found) exchange.remove(each);

  for (const pointer of body.addServicePrincipals ?? []) exchange.addServicePrincipal(pointer);
  for (const { appId, ...policy } of body.addPolicies ?? []) {
    exchange.addPolicy({ ...policy, appId: appId ?? tenant.registration.clientId });
  }
  Object.assign(exchange.ews, body.ews);
  for (const scope of body.addScopes ?? []) exchange.addScope(scope);
  for (const { objectId, scopeName, groupId, ...assignment } of body.addAssignments ?? []) {
    const scope: RoleAssignment['scope'] = scopeName
      ? { kind: 'management_scope', name: scopeName }
      : groupId
        ? { kind: 'group', groupId }
        : { kind: 'organization' };
    exchange.addAssignment({ ...assignment, objectId: objectId ?? grants.addApplication().id, scope });
  }
  return undefined;
}

/** What is configured now. */
export function exchangeStateOf({ exchange }: Tenant) {
  return {
    servicePrincipals: exchange.current(exchange.servicePrincipals),
    policies: exchange.current(exchange.policies),
    scopes: exchange.current(exchange.scopes),
    assignments: exchange.current(exchange.assignments),
    ews: exchange.ews,
  };
}

function named<T>(list: readonly T[], nameOf: (each: T) => string, names: readonly string[] = []) {
  const found = list.filter((each) => names.includes(nameOf(each)));
  return { found, missing: names.filter((name) => !found.some((each) => nameOf(each) === name)) };
}
