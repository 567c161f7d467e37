import type { Clock } from '../clock.ts';
import { exchangeOnlineAppId, exchangePermissions, graphAppId, graphPermissions } from './permissions.ts';
import { digestOf, guidOf } from './random.ts';
import type { ApplicationRegistration } from './registration.ts';
import type { AppRoleAssignment, PermissionGrant, ServicePrincipal } from './service-principal.ts';

interface Context {
  readonly tenantId: string;
  readonly clock: Clock;
  /** The product's own application. */
  readonly registration: ApplicationRegistration;
  /** How long Entra takes until new tokens show a grant or a revocation. */
  readonly propagationSeconds: () => number;
}

/** What applications and users are allowed in one tenant: service principals, app roles, delegated grants. */
export class Grants {
  readonly servicePrincipals = new Map<string, ServicePrincipal>();
  readonly assignments: AppRoleAssignment[] = [];
  readonly permissionGrants: PermissionGrant[] = [];
  readonly #context: Context;
  #counter = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#addMicrosoft(graphAppId, 'Microsoft Graph');
    this.#addMicrosoft(exchangeOnlineAppId, 'Office 365 Exchange Online');
  }

  /** The product's service principal in this tenant; absent until somebody consents or an admin creates it. */
  get application(): ServicePrincipal | undefined {
    return this.servicePrincipals.get(this.#context.registration.clientId);
  }

  /** Creates the service principal of one of the product's applications unless it is there. A new one after deletion has a new object id. */
  addApplication(id?: string, registration = this.#context.registration): ServicePrincipal {
    const held = this.servicePrincipals.get(registration.clientId);
    if (held) return held;
    const { tenantId } = this.#context;
    const principal: ServicePrincipal = {
      id: id ?? guidOf(`${tenantId}/service-principal/${++this.#counter}`),
      appId: registration.clientId,
      displayName: registration.displayName,
      appOwnerOrganizationId: registration.homeTenantId,
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      directoryRoles: [],
    };
    this.servicePrincipals.set(principal.appId, principal);
    return principal;
  }

  /** Removes the service principal of one of the product's applications with everything granted to it. */
  deleteApplication(registration = this.#context.registration): void {
    const principal = this.servicePrincipals.get(registration.clientId);
    if (!principal) return;
    for (const assignment of this.assignmentsOf(principal.id)) this.revoke(assignment.id);
    const others = this.permissionGrants.filter((grant) => grant.clientAppId !== principal.appId);
    this.permissionGrants.splice(0, Infinity, ...others);
    this.servicePrincipals.delete(principal.appId);
  }

  /** Object id or application id to service principal. */
  findServicePrincipal(id: string): ServicePrincipal | undefined {
    const byAppId = this.servicePrincipals.get(id);
    return byAppId ?? [...this.servicePrincipals.values()].find((principal) => principal.id === id);
  }

  /** What the directory lists for a principal now, also what tokens do not show yet. */
  assignmentsOf(principalId: string): AppRoleAssignment[] {
    return this.assignments.filter((assignment) => !assignment.revokedAt && assignment.principalId === principalId);
  }

  /** Values of the app roles of a resource that a new token for this principal carries. */
  rolesInTokens(principalId: string, resourceAppId: string): string[] {
    const now = this.#context.clock.now();
    const resource = this.servicePrincipals.get(resourceAppId);
    const values = this.assignments
      .filter((assignment) => assignment.principalId === principalId && assignment.resourceId === resource?.id)
      .filter((assignment) => assignment.inTokensFrom <= now)
      .filter((assignment) => !assignment.inTokensUntil || now < assignment.inTokensUntil)
      .map((assignment) => this.valueOf(resourceAppId, assignment.appRoleId));
    return [...new Set(values.filter((value) => value !== undefined))];
  }

  /** Grants Microsoft Graph application permissions, as admin consent does; creates the service principal. */
  grant(...values: string[]): AppRoleAssignment[] {
    return this.grantFor(graphAppId, ...values);
  }

  /** @param resourceAppId Microsoft Graph or Office 365 Exchange Online */
  grantFor(resourceAppId: string, ...values: string[]): AppRoleAssignment[] {
    const principal = this.addApplication();
    return values.map((value) => this.assign(principal.id, 'ServicePrincipal', resourceAppId, value));
  }

  /** Grants Microsoft Graph application permissions to another application of the product. */
  grantTo(registration: ApplicationRegistration, ...values: string[]): AppRoleAssignment[] {
    const { id, displayName } = this.addApplication(undefined, registration);
    return values.map((value) => this.assign(id, 'ServicePrincipal', graphAppId, value, displayName));
  }

  /** Revokes Microsoft Graph application permissions; without values all of them. */
  revokeRoles(...values: string[]): void {
    this.revokeRolesOf(this.#context.registration, ...values);
  }

  revokeRolesOf(registration: ApplicationRegistration, ...values: string[]): void {
    const principal = this.servicePrincipals.get(registration.clientId);
    if (!principal) return;
    for (const assignment of this.assignmentsOf(principal.id)) {
      const value = this.valueOf(this.#appIdOf(assignment.resourceId), assignment.appRoleId);
      if (values.length === 0 || (value && values.includes(value))) this.revoke(assignment.id);
    }
  }

  /**
   * Assigns an app role; an assignment that is there already is returned as it is.
   * @throws when the resource has no such app role
   */
  assign(
    principalId: string,
    principalType: AppRoleAssignment['principalType'],
    resourceAppId: string,
    value: string,
    principalDisplayName = this.#context.registration.displayName,
  ): AppRoleAssignment {
    const resource = this.servicePrincipals.get(resourceAppId);
    const appRoleId = this.appRoles(resourceAppId).find((role) => role.value === value)?.id;
    if (!resource || !appRoleId) throw new Error(`There is no app role ${value} of ${resourceAppId} in this tenant.`);
    const held = this.assignmentsOf(principalId).find(
      (assignment) => assignment.resourceId === resource.id && assignment.appRoleId === appRoleId,
    );
    if (held) return held;
    const now = this.#context.clock.now();
    const assignment: AppRoleAssignment = {
      id: digestOf(`${this.#context.tenantId}/assignment/${++this.#counter}`, 43),
      appRoleId,
      principalId,
      principalType,
      principalDisplayName,
      resourceId: resource.id,
      resourceDisplayName: resource.displayName,
      createdAt: now,
      inTokensFrom: this.#afterPropagation(now),
      revokedAt: null,
      inTokensUntil: null,
    };
    this.assignments.push(assignment);
    return assignment;
  }

  revoke(assignmentId: string): void {
    const assignment = this.assignments.find((each) => each.id === assignmentId);
    if (!assignment || assignment.revokedAt) return;
    assignment.revokedAt = this.#context.clock.now();
    assignment.inTokensUntil = this.#afterPropagation(assignment.revokedAt);
  }

  /** App roles that a resource defines. */
  appRoles(resourceAppId: string): { id: string; value: string; displayName: string; memberTypes: string[] }[] {
    if (resourceAppId === this.#context.registration.clientId) {
      return this.#context.registration.appRoles.map((role) => ({ ...role, memberTypes: ['User', 'Application'] }));
    }
    const permissions =
      resourceAppId === graphAppId
        ? graphPermissions
        : resourceAppId === exchangeOnlineAppId
          ? exchangePermissions
          : [];
    return permissions.flatMap(({ appRoleId, value, displayName }) =>
      appRoleId ? [{ id: appRoleId, value, displayName, memberTypes: ['Application'] }] : [],
    );
  }

  valueOf(resourceAppId: string, appRoleId: string): string | undefined {
    return this.appRoles(resourceAppId).find((role) => role.id === appRoleId)?.value;
  }

  /** Grants delegated scopes of a resource to a client; for everybody, or for one user. */
  grantScopes(clientAppId: string, resourceAppId: string, scopes: readonly string[], principalId: string | null): void {
    const held = this.permissionGrants.find(
      (grant) =>
        grant.clientAppId === clientAppId && grant.resourceAppId === resourceAppId && grant.principalId === principalId,
    );
    if (held) for (const scope of scopes) held.scopes.add(scope);
    else {
      const id = digestOf(`${this.#context.tenantId}/permission-grant/${++this.#counter}`, 43);
      this.permissionGrants.push({ id, clientAppId, resourceAppId, principalId, scopes: new Set(scopes) });
    }
  }

  /** Takes back delegated scopes that were granted to the product's application. */
  revokeScopes(): void {
    const { clientId } = this.#context.registration;
    const others = this.permissionGrants.filter((grant) => grant.clientAppId !== clientId);
    this.permissionGrants.splice(0, Infinity, ...others);
  }

  /** Delegated scopes that a client holds for a resource when it acts for this user. */
  scopesFor(clientAppId: string, resourceAppId: string, userId: string): Set<string> {
    const scopes = new Set<string>();
    for (const grant of this.permissionGrants) {
      if (grant.clientAppId !== clientAppId || grant.resourceAppId !== resourceAppId) continue;
      if (grant.principalId === null || grant.principalId === userId)
        for (const scope of grant.scopes) scopes.add(scope);
    }
    const { clientId, preAuthorizedClientIds, scope } = this.#context.registration;
    if (resourceAppId === clientId && preAuthorizedClientIds.includes(clientAppId)) scopes.add(scope.value);
    return scopes;
  }

  #appIdOf(servicePrincipalId: string): string {
    return this.findServicePrincipal(servicePrincipalId)?.appId ?? '';
  }

  #afterPropagation(from: Date): Date {
    return new Date(from.getTime() + this.#context.propagationSeconds() * 1000);
  }

  #addMicrosoft(appId: string, displayName: string): void {
    this.servicePrincipals.set(appId, {
      id: guidOf(`${this.#context.tenantId}/service-principal/${appId}`),
      appId,
      displayName,
      appOwnerOrganizationId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      directoryRoles: [],
    });
  }
}
