import { type AppRoleName, appRoleIds, graphAppId } from '../../domain/consent/app-role.ts';
import { isTierZero } from '../../domain/consent/permission-set.ts';
import { SignInFailure, type SignInFailureKind } from '../auth/sign-in-failure.ts';

/** An app role that the application holds in the tenant, as the directory lists it. */
export interface AppRoleGrant extends AppRoleName {
  /** Graph's id of the assignment; opaque. */
  readonly assignmentId: string;
  readonly appRoleId: string;
  /** Name of the API that defines the role, such as `Office 365 Exchange Online`. */
  readonly resourceName: string;
}

export const grantProblems = [
  'account_not_allowed',
  'application_unknown',
  'role_unknown',
  'tier_zero',
  'throttled',
  'token_refused',
  'unavailable',
  'unreachable',
  'unexpected',
] as const;

/** Why Microsoft did not do it. */
export type GrantFailure =
  | {
      readonly problem: (typeof grantProblems)[number];
      /** Status, code and request id, for Microsoft's support. */
      readonly technical: string;
      readonly retryAfterSeconds?: number | undefined;
    }
  | { readonly problem: 'sign_in'; readonly kind: SignInFailureKind; readonly technical: string };

export type ListedGrants =
  | { readonly ok: true; readonly grants: readonly AppRoleGrant[] }
  | { readonly ok: false; readonly failure: GrantFailure };

/** Without an API: whichever defines a role of this name. */
export type RoleToRevoke = Pick<AppRoleName, 'permission'> & Partial<AppRoleName>;

/** How far a change came. What was done stays done when a later one fails. */
export interface RolesChanged<Role = AppRoleName> {
  readonly changed: readonly Role[];
  /** Nothing to do: granted, or absent, already. */
  readonly unchanged: readonly Role[];
  /** The role it stopped at, and why; absent when all is done. */
  readonly failure?: GrantFailure & { readonly role: Role | undefined };
}

/** App roles of our application, read and changed by the signed-in admin's own token. Errors are values; nothing is tried twice. */
export interface AppRoleGrants {
  list(signal?: AbortSignal): Promise<ListedGrants>;
  /** Grants by value and API. A role that the application holds already counts as done. Tier 0 is refused. */
  grantRoles(roles: readonly AppRoleName[]): Promise<RolesChanged>;
  /** Removes by value or role id, also what nobody asked for. A role that is not held counts as done. */
  revokeRoles(roles: readonly RoleToRevoke[]): Promise<RolesChanged<RoleToRevoke>>;
}

interface Options {
  /** Root of Microsoft Graph without version; tokens go to this origin and to no other. */
  readonly graphEndpoint: string;
  readonly clientId: string;
  /** @throws SignInFailure */
  readonly getToken: () => Promise<string>;
}

const mostPages = 20;
const deadlineMs = 30_000;

class Refused extends Error {
  readonly failure: GrantFailure;
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(failure: GrantFailure, status?: number, code?: string) {
    super(failure.technical);
    this.failure = failure;
    this.status = status;
    this.code = code;
  }
}

/**
 * @see Microsoft Learn, Grant an appRoleAssignment for a service principal; Delete appRoleAssignment; List
 *   appRoleAssignments granted to a service principal
 */
export function createAppRoleGrants({ graphEndpoint, clientId, getToken }: Options): AppRoleGrants {
  const root = new URL(graphEndpoint);

  async function send(method: 'GET' | 'POST' | 'DELETE', pathOrLink: string, options: SendOptions = {}) {
    const isPath = pathOrLink.startsWith('/');
    const url = new URL(isPath ? `${graphEndpoint}/v1.0${pathOrLink}` : pathOrLink);
    if (url.origin !== root.origin) throw new Refused({ problem: 'unexpected', technical: `link to ${url.host}` });
    const token = await getToken();
    let response: Response;
    try {
      const signals = [AbortSignal.timeout(deadlineMs), ...(options.signal ? [options.signal] : [])];
      response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(options.body ? { 'content-type': 'application/json' } : {}),
        },
        ...(options.body ? { body: JSON.stringify(options.body) } : {}),
        signal: AbortSignal.any(signals),
      });
    } catch (cause) {
      throw new Refused({ problem: 'unreachable', technical: cause instanceof Error ? cause.name : '' });
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw refusalOf(response, body);
    return body;
  }

  async function principalOf(appId: string, select: string, signal?: AbortSignal): Promise<ServicePrincipal> {
    const path = `/servicePrincipals(appId='${encodeURIComponent(appId)}')?$select=${select}`;
    return (await send('GET', path, { signal })) as ServicePrincipal;
  }

  async function assignmentsOf(principalId: string, signal?: AbortSignal): Promise<Assignment[]> {
    const found: Assignment[] = [];
    let next: string | undefined = `/servicePrincipals/${encodeURIComponent(principalId)}/appRoleAssignments`;
    for (let page = 0; next; page++) {
      if (page === mostPages) throw new Refused({ problem: 'unexpected', technical: `more than ${mostPages} pages` });
      const answer = (await send('GET', next, { signal })) as Page;
      found.push(...(answer.value ?? []));
      next = answer['@odata.nextLink'];
    }
    return found;
  }

  /** With names: an assignment knows the id of its role alone, and two APIs may use one name. */
  async function read(signal?: AbortSignal): Promise<{ principalId: string; grants: AppRoleGrant[] }> {
    const own = await principalOf(clientId, 'id', signal);
    const held = await assignmentsOf(own.id, signal);
    const resources = new Map<string, ServicePrincipal>();
    for (const resourceId of new Set(held.map((assignment) => assignment.resourceId))) {
      const path = `/servicePrincipals/${encodeURIComponent(resourceId)}?$select=id,appId,displayName,appRoles`;
      resources.set(resourceId, (await send('GET', path, { signal })) as ServicePrincipal);
    }
    const grants = held.map(({ id, appRoleId, resourceId, resourceDisplayName }): AppRoleGrant => {
      const resource = resources.get(resourceId);
      const role = resource?.appRoles?.find((one) => one.id === appRoleId);
      return {
        assignmentId: id,
        appRoleId,
        permission: role?.value || appRoleId,
        resourceAppId: resource?.appId ?? resourceId,
        resourceName: resource?.displayName ?? resourceDisplayName ?? resourceId,
      };
    });
    return { principalId: own.id, grants };
  }

  async function change<Role>(
    roles: readonly Role[],
    changeOne: (role: Role, known: Awaited<ReturnType<typeof read>>) => Promise<'changed' | 'unchanged'>,
  ): Promise<RolesChanged<Role>> {
    const done = { changed: [] as Role[], unchanged: [] as Role[] };
    let current: Role | undefined;
    try {
      const known = await read();
      for (const role of roles) {
        current = role;
        done[await changeOne(role, known)].push(role);
      }
      return done;
    } catch (error) {
      return { ...done, failure: { ...failureOf(error), role: current } };
    }
  }

  return {
    async list(signal) {
      try {
        return { ok: true, grants: (await read(signal)).grants };
      } catch (error) {
        return { ok: false, failure: failureOf(error) };
      }
    },

    grantRoles: (roles) =>
      change(roles, async (role, { principalId, grants }) => {
        if (isTierZero(role.permission)) throw new Refused({ problem: 'tier_zero', technical: role.permission });
        if (grants.some((grant) => isSame(grant, role))) return 'unchanged';
        const resource = await principalOf(role.resourceAppId, 'id,appRoles');
        const defined = resource.appRoles?.find(
          ({ value, isEnabled, allowedMemberTypes }) =>
            value === role.permission && isEnabled !== false && allowedMemberTypes?.includes('Application'),
        );
        // Microsoft's own ids are known: a name that has another one here is not the role that was meant.
        const expected = role.resourceAppId === graphAppId ? appRoleIds[role.permission] : undefined;
        if (!defined || (expected && defined.id !== expected)) {
          throw new Refused({ problem: 'role_unknown', technical: role.permission });
        }
        const body = { principalId, resourceId: resource.id, appRoleId: defined.id };
        try {
          await send('POST', `/servicePrincipals/${encodeURIComponent(principalId)}/appRoleAssignments`, { body });
          return 'changed';
        } catch (error) {
          // Somebody else was faster. Graph tells it in words alone, so it is looked up rather than read.
          const isRefused = error instanceof Refused && (error.status === 400 || error.status === 409);
          if (!isRefused || !(await read()).grants.some((grant) => isSame(grant, role))) throw error;
          return 'unchanged';
        }
      }),

    revokeRoles: (roles) =>
      change(roles, async (role, { principalId, grants }) => {
        const held = grants.filter((grant) => isSame(grant, role));
        for (const { assignmentId } of held) {
          const path = `/servicePrincipals/${encodeURIComponent(principalId)}/appRoleAssignments/${encodeURIComponent(assignmentId)}`;
          await send('DELETE', path).catch((error: unknown) => {
            // Gone already, by somebody else.
            if (!(error instanceof Refused) || error.status !== 404) throw error;
          });
        }
        return held.length > 0 ? 'changed' : 'unchanged';
      }),
  };
}

function isSame(grant: AppRoleGrant, role: RoleToRevoke): boolean {
  return (
    (role.resourceAppId === undefined || grant.resourceAppId === role.resourceAppId) &&
    (grant.permission === role.permission || grant.appRoleId === role.permission)
  );
}

interface SendOptions {
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

interface ServicePrincipal {
  readonly id: string;
  readonly appId?: string;
  readonly displayName?: string;
  readonly appRoles?: readonly {
    readonly id: string;
    readonly value?: string | null;
    readonly isEnabled?: boolean;
    readonly allowedMemberTypes?: readonly string[];
  }[];
}

interface Assignment {
  readonly id: string;
  readonly appRoleId: string;
  readonly resourceId: string;
  readonly resourceDisplayName?: string | null;
}

interface Page {
  readonly value?: Assignment[];
  readonly '@odata.nextLink'?: string;
}

/** Status and `error.code` decide; Graph's message is for people. */
function refusalOf(response: Response, body: unknown): Refused {
  const { status, headers } = response;
  const code = (body as { error?: { code?: string } } | undefined)?.error?.code;
  const requestId = headers.get('request-id');
  const technical = [`HTTP ${status}`, code, requestId].filter(Boolean).join(' · ');
  const seconds = Number.parseInt(headers.get('retry-after') ?? '', 10);
  const problem = problemOf(status);
  const failure = { problem, technical, ...(seconds > 0 ? { retryAfterSeconds: seconds } : {}) };
  return new Refused(failure, status, code);
}

function problemOf(status: number): (typeof grantProblems)[number] {
  if (status === 401) return 'token_refused';
  if (status === 403) return 'account_not_allowed';
  if (status === 404) return 'application_unknown';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'unavailable' : 'unexpected';
}

function failureOf(error: unknown): GrantFailure {
  if (error instanceof Refused) return error.failure;
  if (error instanceof SignInFailure) return { problem: 'sign_in', kind: error.kind, technical: error.technical };
  return { problem: 'unexpected', technical: error instanceof Error ? error.name : String(error) };
}
