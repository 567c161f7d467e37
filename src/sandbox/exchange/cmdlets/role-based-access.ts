import { assignmentsHolding } from '../mailbox-access.ts';
import type { ManagementScope, RoleAssignment, ServicePrincipalPointer } from '../objects.ts';
import { applicationRoles } from '../roles.ts';
import { type Cmdlet, type CmdletContext, CmdletError, notFound, optional, required } from './cmdlet.ts';
import { findGroup, findMailbox } from './recipient.ts';

const nameLength = 64;

function findPointer(identity: string, { exchange }: CmdletContext): ServicePrincipalPointer | undefined {
  return exchange
    .current(exchange.servicePrincipals)
    .find((each) => [each.objectId, each.appId, each.displayName].includes(identity));
}

function newName(
  parameters: Readonly<Record<string, unknown>>,
  taken: readonly { name: string }[],
  fallback: string,
): string {
  const name = optional(parameters, 'Name') ?? fallback;
  if (name.length > nameLength) throw new CmdletError('ParameterBindingException', `The name "${name}" is too long.`);
  if (taken.some((each) => each.name === name)) {
    throw new CmdletError('ADObjectAlreadyExistsException', `The object '${name}' already exists.`);
  }
  return name;
}

const describePointer = (pointer: ServicePrincipalPointer) => ({
  Identity: pointer.objectId,
  AppId: pointer.appId,
  ObjectId: pointer.objectId,
  DisplayName: pointer.displayName,
});

const describeScope = (scope: ManagementScope) => ({
  Identity: scope.name,
  Name: scope.name,
  RecipientFilter: scope.recipientFilter,
  ScopeRestrictionType: 'RecipientScope',
  Exclusive: false,
});

function describeAssignment(assignment: RoleAssignment, { exchange }: CmdletContext): object {
  const { scope } = assignment;
  const names = { organization: 'Organization', management_scope: 'CustomRecipientScope', group: 'Group' } as const;
  return {
    Identity: assignment.name,
    Name: assignment.name,
    Role: assignment.role,
    App: assignment.objectId,
    RoleAssignee: assignment.objectId,
    RoleAssigneeType: 'ServicePrincipal',
    RecipientWriteScope: names[scope.kind],
    CustomResourceScope: scope.kind === 'management_scope' ? scope.name : null,
    RecipientGroupScope: scope.kind === 'group' ? exchange.nameOf(scope.groupId) : null,
    Enabled: true,
  };
}

export const roleBasedAccessCmdlets: Record<string, Cmdlet> = {
  'Get-ServicePrincipal': {
    parameters: ['Identity'],
    run(parameters, context) {
      const all = context.exchange.current(context.exchange.servicePrincipals);
      const named = all.filter((each) =>
        [each.objectId, each.appId, each.displayName].includes(String(parameters.Identity)),
      );
      // As with policies: an unknown identity answers all.
      return (named.length > 0 ? named : all).map(describePointer);
    },
  },
  'New-ServicePrincipal': {
    parameters: ['AppId', 'ObjectId', 'ServiceId', 'DisplayName', 'Confirm', 'WhatIf'],
    run(parameters, context) {
      const objectId = optional(parameters, 'ObjectId') ?? required(parameters, 'ServiceId');
      const appId = required(parameters, 'AppId');
      if (findPointer(objectId, context)) {
        throw new CmdletError('ADObjectAlreadyExistsException', `The object '${objectId}' already exists.`);
      }
      // Exchange takes the ids as they are: a pointer to a wrong object is possible, and then grants nothing.
      const displayName = optional(parameters, 'DisplayName') ?? appId;
      return [describePointer(context.exchange.addServicePrincipal({ appId, objectId, displayName }))];
    },
  },
  'Remove-ServicePrincipal': {
    parameters: ['Identity', 'Confirm', 'WhatIf'],
    run(parameters, context) {
      const identity = required(parameters, 'Identity');
      const pointer = findPointer(identity, context);
      if (!pointer) throw notFound(identity);
      context.exchange.remove(pointer);
      return [];
    },
  },
  'Get-ManagementScope': {
    parameters: ['Identity'],
    run(parameters, { exchange }) {
      const all = exchange.current(exchange.scopes);
      if (parameters.Identity === undefined) return all.map(describeScope);
      const scope = all.find((each) => each.name === parameters.Identity);
      if (!scope) throw notFound(String(parameters.Identity));
      return [describeScope(scope)];
    },
  },
  'New-ManagementScope': {
    parameters: ['Name', 'RecipientRestrictionFilter', 'Confirm', 'WhatIf'],
    run(parameters, { exchange }) {
      const name = newName(parameters, exchange.current(exchange.scopes), required(parameters, 'Name'));
      const recipientFilter = required(parameters, 'RecipientRestrictionFilter');
      try {
        return [describeScope(exchange.addScope({ name, recipientFilter }))];
      } catch (error) {
        throw new CmdletError('InvalidFilterException', (error as Error).message);
      }
    },
  },
  'Remove-ManagementScope': {
    parameters: ['Identity', 'Confirm', 'WhatIf'],
    run(parameters, { exchange }) {
      const name = required(parameters, 'Identity');
      const scope = exchange.current(exchange.scopes).find((each) => each.name === name);
      if (!scope) throw notFound(name);
      const used = exchange
        .current(exchange.assignments)
        .some((each) => each.scope.kind === 'management_scope' && each.scope.name === name);
      if (used) throw new CmdletError('InvalidOperationException', `The management scope "${name}" is in use.`);
      exchange.remove(scope);
      return [];
    },
  },
  'Get-ManagementRole': {
    parameters: ['Identity', 'RoleType'],
    run: () =>
      Object.keys(applicationRoles).map((name) => ({
        Identity: name,
        Name: name,
        RoleType: name.replaceAll(/[ .]/g, ''),
      })),
  },
  'Get-ManagementRoleAssignment': {
    parameters: ['Identity', 'RoleAssignee', 'Role'],
    run(parameters, context) {
      const all = context.exchange.current(context.exchange.assignments);
      const assignee = optional(parameters, 'RoleAssignee');
      if (assignee !== undefined && !findPointer(assignee, context)) throw notFound(assignee);
      if (parameters.Identity !== undefined && !all.some((each) => each.name === parameters.Identity)) {
        throw notFound(String(parameters.Identity));
      }
      return all
        .filter((each) => parameters.Identity === undefined || each.name === parameters.Identity)
        .filter((each) => parameters.RoleAssignee === undefined || each.objectId === parameters.RoleAssignee)
        .filter((each) => parameters.Role === undefined || each.role === parameters.Role)
        .map((each) => describeAssignment(each, context));
    },
  },
  'New-ManagementRoleAssignment': {
    parameters: ['Name', 'App', 'Role', 'CustomResourceScope', 'RecipientGroupScope', 'Confirm', 'WhatIf'],
    run(parameters, context) {
      const { exchange } = context;
      const pointer = findPointer(required(parameters, 'App'), context);
      if (!pointer) throw notFound(required(parameters, 'App'));
      const role = required(parameters, 'Role');
      if (!applicationRoles[role]) throw notFound(role);
      const name = newName(
        parameters,
        exchange.current(exchange.assignments),
        `${role}-${pointer.appId}`.slice(0, nameLength),
      );
      const scope = scopeOf(parameters, context);
      return [describeAssignment(exchange.addAssignment({ name, objectId: pointer.objectId, role, scope }), context)];
    },
  },
  'Remove-ManagementRoleAssignment': {
    parameters: ['Identity', 'Confirm', 'WhatIf'],
    run(parameters, { exchange }) {
      const name = required(parameters, 'Identity');
      const assignment = exchange.current(exchange.assignments).find((each) => each.name === name);
      if (!assignment) throw notFound(name);
      exchange.remove(assignment);
      return [];
    },
  },
  'Test-ServicePrincipalAuthorization': {
    parameters: ['Identity', 'Resource'],
    run(parameters, context) {
      const pointer = findPointer(required(parameters, 'Identity'), context);
      if (!pointer) throw notFound(required(parameters, 'Identity'));
      const resource = optional(parameters, 'Resource');
      const person = resource === undefined ? undefined : findMailbox(resource, context);
      const question = { servicePrincipalId: pointer.objectId, asOf: context.now };
      // It bypasses the caches and sees role assignments only: no Entra grants, no policies.
      const holding = person ? assignmentsHolding(context.exchange, { ...question, person }) : [];
      return context.exchange
        .current(context.exchange.assignments)
        .filter((each) => each.objectId === pointer.objectId)
        .map((each) => ({
          RoleName: each.role,
          GrantedPermissions: (applicationRoles[each.role] ?? []).join(', '),
          AllowedResourceScope: each.scope.kind === 'management_scope' ? each.scope.name : 'Organization',
          ScopeType: each.scope.kind === 'organization' ? 'Organization' : 'CustomRecipientScope',
          InScope: person ? String(holding.includes(each)).replace(/^./, (first) => first.toUpperCase()) : 'Not Run',
        }));
    },
  },
};

function scopeOf(parameters: Readonly<Record<string, unknown>>, context: CmdletContext): RoleAssignment['scope'] {
  const scopeName = optional(parameters, 'CustomResourceScope');
  if (scopeName !== undefined) {
    const scope = context.exchange.current(context.exchange.scopes).find((each) => each.name === scopeName);
    if (!scope) throw notFound(scopeName);
    return { kind: 'management_scope', name: scope.name };
  }
  const groupName = optional(parameters, 'RecipientGroupScope');
  if (groupName === undefined) return { kind: 'organization' };
  const group = findGroup(groupName, context);
  if (!group) throw notFound(groupName);
  return { kind: 'group', groupId: group.id };
}
