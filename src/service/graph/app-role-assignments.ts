import type { AppRoleAssignment, ServicePrincipal } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import { appRoleIds } from '../../domain/consent/app-role.ts';
import type { Clock } from '../clock.ts';
import { askPatiently } from './ask-patiently.ts';
import type { GraphClient } from './client.ts';

const principal = z.looseObject({ id: z.guid() } satisfies Partial<Record<keyof ServicePrincipal, z.ZodType>>);
const resource = z.looseObject({
  appRoles: z.array(z.looseObject({ id: z.guid(), value: z.string().nullish() })),
} satisfies Partial<Record<keyof ServicePrincipal, z.ZodType>>);
const assignments = z.looseObject({
  value: z.array(
    z.looseObject({ appRoleId: z.guid(), resourceId: z.guid() } satisfies Partial<
      Record<keyof AppRoleAssignment, z.ZodType>
    >),
  ),
  '@odata.nextLink': z.string().optional(),
});

const mostPages = 10;
const nameOfRole = new Map(Object.entries(appRoleIds).map(([value, id]) => [id, value]));

export function servicePrincipalPath(appId: string): string {
  return `/servicePrincipals(appId='${appId}')?$select=id`;
}

export function appRolesPath(servicePrincipalId: string): string {
  return `/servicePrincipals/${servicePrincipalId}?$select=appRoles`;
}

export function appRoleAssignmentsPath(servicePrincipalId: string): string {
  return `/servicePrincipals/${servicePrincipalId}/appRoleAssignments?$select=appRoleId,resourceId`;
}

/**
 * App roles assigned to an application in its tenant, as the directory lists them: by value, such as `Mail.Read`, of
 * whatever resource; one without a readable name by its id. Needs `Application.Read.All`.
 * @returns undefined when the directory did not give the whole list
 * @see Microsoft Learn, List appRoleAssignments granted to a service principal
 */
export async function readAssignedRoles(
  graph: GraphClient,
  clock: Clock,
  {
    appId,
    token,
    signal,
  }: { readonly appId: string; readonly token: string; readonly signal?: AbortSignal | undefined },
): Promise<readonly string[] | undefined> {
  async function get<T>(url: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const answer = await askPatiently(graph, clock, { url, token, ...(signal ? { signal } : {}) });
    const parsed = answer?.status === 200 ? schema.safeParse(answer.body) : undefined;
    return parsed?.success ? parsed.data : undefined;
  }

  const own = await get(servicePrincipalPath(appId), principal);
  if (!own) return undefined;
  const held: { appRoleId: string; resourceId: string }[] = [];
  let next: string | undefined = appRoleAssignmentsPath(own.id);
  for (let page = 0; next !== undefined; page++) {
    if (page === mostPages || (page > 0 && !graph.isOwnLink(next))) return undefined;
    const list: z.infer<typeof assignments> | undefined = await get(next, assignments);
    if (!list) return undefined;
    held.push(...list.value);
    next = list['@odata.nextLink'];
  }

  const names = new Map(nameOfRole);
  const unnamed = held.filter(({ appRoleId }) => !names.has(appRoleId));
  for (const resourceId of new Set(unnamed.map((assignment) => assignment.resourceId))) {
    const roles = (await get(appRolesPath(resourceId), resource))?.appRoles ?? [];
    // Other APIs have roles of the same names, such as Exchange's own Mail.Read: those stay ids, so that none is taken
    // for Graph's.
    for (const { id, value } of roles) if (value && !(value in appRoleIds)) names.set(id, value);
  }
  return [...new Set(held.map(({ appRoleId }) => names.get(appRoleId) ?? appRoleId))];
}
