import { mayConsent } from '../tenant/directory-roles.ts';
import { graphAppId, graphPermissions } from '../tenant/permissions.ts';
import type { AppRoleAssignment, ServicePrincipal } from '../tenant/service-principal.ts';
import { contextOf, directoryPage, pick, selected, top } from './collection.ts';
import { authorizationDenied, GraphError, NotSimulated, resourceNotFound } from './graph-error.ts';
import type { Call, GraphAnswer, Operation, Permissions } from './operation.ts';
import { dateTime } from './user.ts';

const reading = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const read: Permissions = { application: [...reading, 'Application.ReadWrite.OwnedBy'], delegated: reading };
const assigning = ['AppRoleAssignment.ReadWrite.All', 'Application.ReadWrite.All'];
const assign: Permissions = { application: assigning, delegated: assigning };

/** By object id and by application id: Graph takes both spellings everywhere. */
const addresses = ['/servicePrincipals/{servicePrincipal-id}', "/servicePrincipals(appId='{appId}')"];

export const servicePrincipals: readonly Operation[] = addresses.flatMap((path): Operation[] => [
  { method: 'GET', path, service: 'directory', permissions: read, query: ['$select'], answer: getServicePrincipal },
  ...(['appRoleAssignments', 'appRoleAssignedTo'] as const).flatMap((side): Operation[] => [
    {
      method: 'GET',
      path: `${path}/${side}`,
      service: 'directory',
      permissions: read,
      query: ['$select', '$top', '$skiptoken'],
      units: 2,
      answer: (call) => listAssignments(call, side),
    },
    {
      method: 'POST',
      path: `${path}/${side}`,
      service: 'directory',
      permissions: assign,
      query: [],
      units: 1,
      answer: (call) => createAssignment(call, side),
    },
    {
      method: 'DELETE',
      path: `${path}/${side}/{appRoleAssignment-id}`,
      service: 'directory',
      permissions: assign,
      query: [],
      answer: (call) => deleteAssignment(call, side),
    },
  ]),
]);

type Side = 'appRoleAssignments' | 'appRoleAssignedTo';

function getServicePrincipal(call: Call): GraphAnswer {
  const names = selected(call);
  const context = contextOf(call, `servicePrincipals${names ? `(${names})` : ''}/$entity`);
  const resource = servicePrincipalResource(call, principalOf(call));
  return { status: 200, body: { '@odata.context': context, ...pick(resource, names, 'servicePrincipal', []) } };
}

function listAssignments(call: Call, side: Side): GraphAnswer {
  const principal = principalOf(call);
  const held = call.tenant.grants.assignments.filter(
    (assignment) =>
      !assignment.revokedAt &&
      (side === 'appRoleAssignments' ? assignment.principalId : assignment.resourceId) === principal.id,
  );
  const write = (assignment: AppRoleAssignment) =>
    pick(assignmentResource(assignment), selected(call), 'appRoleAssignment');
  return directoryPage(call, held, write, 'appRoleAssignments', top(call, 100, 999));
}

/** @see Microsoft Learn, Grant an appRoleAssignment for a service principal */
function createAssignment(call: Call, side: Side): GraphAnswer {
  const principal = principalOf(call);
  const body = (call.request.body ?? {}) as Record<string, unknown>;
  const { principalId, resourceId, appRoleId } = body;
  if (typeof principalId !== 'string' || typeof resourceId !== 'string' || typeof appRoleId !== 'string') {
    throw requestBadRequest('principalId, resourceId and appRoleId are required.');
  }
  if ((side === 'appRoleAssignments' ? principalId : resourceId) !== principal.id) {
    throw requestBadRequest('The service principal of the address and of the body differ.');
  }
  const { grants } = call.tenant;
  const resource = grants.findServicePrincipal(resourceId);
  const value = resource && grants.valueOf(resource.appId, appRoleId);
  if (!resource || !value) throw requestBadRequest('Permission being assigned was not found on application.');
  checkMayAssign(call, resource);
  const holder = grants.findServicePrincipal(principalId);
  if (!holder) throw new NotSimulated('app role assignments to users and groups');
  if (grants.assignmentsOf(holder.id).some((held) => held.resourceId === resource.id && held.appRoleId === appRoleId)) {
    throw requestBadRequest('Permission being assigned already exists on the object');
  }
  const assignment = grants.assign(holder.id, 'ServicePrincipal', resource.appId, value, holder.displayName);
  const context = contextOf(call, 'appRoleAssignments/$entity');
  return { status: 201, body: { '@odata.context': context, ...assignmentResource(assignment) } };
}

function deleteAssignment(call: Call, side: Side): GraphAnswer {
  const principal = principalOf(call);
  const id = call.path['appRoleAssignment-id'] ?? '';
  const { grants } = call.tenant;
  const assignment = grants.assignments.find((each) => each.id === id && !each.revokedAt);
  const isHere = (side === 'appRoleAssignments' ? assignment?.principalId : assignment?.resourceId) === principal.id;
  const resource = assignment && grants.findServicePrincipal(assignment.resourceId);
  if (!resource || !isHere) throw resourceNotFound(id);
  if (!call.holds('AppRoleAssignment.ReadWrite.All')) checkMayAssign(call, resource);
  grants.revoke(id);
  return { status: 204 };
}

/**
 * Granting takes a permission to assign and one to read, and of a user the role that may consent.
 * @throws {GraphError} 403
 */
function checkMayAssign(call: Call, resource: ServicePrincipal): void {
  const ofGraph = resource.appId === graphAppId;
  // Application.ReadWrite.All assigns app roles of every resource but Microsoft Graph.
  const assigns =
    call.holds('AppRoleAssignment.ReadWrite.All') || (!ofGraph && call.holds('Application.ReadWrite.All'));
  const reads = call.holds('Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All');
  const { caller } = call;
  const to = ofGraph ? 'graph_application_permissions' : 'others';
  const allowed = caller.kind === 'application' || mayConsent(caller.person.directoryRoles, to);
  if (!assigns || !reads || !allowed) throw authorizationDenied();
}

/** @throws {GraphError} 404 when the application is not in the tenant */
function principalOf(call: Call): ServicePrincipal {
  const { grants } = call.tenant;
  const { appId, 'servicePrincipal-id': id } = call.path;
  const principal = appId
    ? grants.servicePrincipals.get(appId.toLowerCase())
    : [...grants.servicePrincipals.values()].find((each) => each.id === id?.toLowerCase());
  if (!principal) throw resourceNotFound(appId ?? id ?? '');
  return principal;
}

const requestBadRequest = (message: string) => new GraphError(400, 'Request_BadRequest', message);

function servicePrincipalResource(call: Call, principal: ServicePrincipal): Record<string, unknown> {
  const { grants, registration, registrations } = call.tenant;
  const isOurs = principal.appId === registration.clientId;
  const registered = registrations.find(({ clientId }) => clientId === principal.appId);
  return {
    id: principal.id,
    accountEnabled: principal.accountEnabled,
    appDisplayName: principal.displayName,
    appId: principal.appId,
    appOwnerOrganizationId: principal.appOwnerOrganizationId,
    appRoleAssignmentRequired: principal.appRoleAssignmentRequired,
    appRoles: grants.appRoles(principal.appId).map(({ id, value, displayName, memberTypes }) => ({
      allowedMemberTypes: memberTypes,
      description: displayName,
      displayName,
      id,
      isEnabled: true,
      origin: 'Application',
      value,
    })),
    deletedDateTime: null,
    displayName: principal.displayName,
    oauth2PermissionScopes: isOurs
      ? [scopeResource(registration.scope.id, registration.scope.value, registration.displayName, 'User')]
      : principal.appId === graphAppId
        ? graphPermissions.flatMap(({ scopeId, value, displayName, userMayConsent }) =>
            scopeId ? [scopeResource(scopeId, value, displayName, userMayConsent ? 'User' : 'Admin')] : [],
          )
        : [],
    servicePrincipalNames: isOurs ? [principal.appId, registration.appIdUri] : [principal.appId],
    servicePrincipalType: 'Application',
    signInAudience: registered?.signInAudience ?? 'AzureADMultipleOrgs',
    tags: [],
  };
}

const scopeResource = (id: string, value: string, displayName: string, type: 'User' | 'Admin') => ({
  adminConsentDescription: displayName,
  adminConsentDisplayName: displayName,
  id,
  isEnabled: true,
  type,
  userConsentDescription: displayName,
  userConsentDisplayName: displayName,
  value,
});

const assignmentResource = (assignment: AppRoleAssignment) => ({
  id: assignment.id,
  deletedDateTime: null,
  appRoleId: assignment.appRoleId,
  createdDateTime: dateTime(assignment.createdAt),
  principalDisplayName: assignment.principalDisplayName,
  principalId: assignment.principalId,
  principalType: assignment.principalType,
  resourceDisplayName: assignment.resourceDisplayName,
  resourceId: assignment.resourceId,
});
