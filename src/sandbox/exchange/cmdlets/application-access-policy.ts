import { policiesLet } from '../mailbox-access.ts';
import type { ApplicationAccessPolicy } from '../objects.ts';
import { type Cmdlet, type CmdletContext, CmdletError, notFound, optional, required } from './cmdlet.ts';
import { findGroup, findMailbox } from './recipient.ts';

/** Bytes that all policies of a tenant may take together; about 300 policies with a short description. */
const totalSizeLimit = 300 * 128;

function describePolicy(policy: ApplicationAccessPolicy, { tenant, exchange }: CmdletContext): object {
  const group = tenant.groups.get(policy.groupId);
  return {
    Identity: policy.identity,
    AppId: policy.appId,
    ScopeName: group?.displayName ?? policy.groupId,
    ScopeIdentity: exchange.nameOf(policy.groupId),
    ScopeIdentityRaw: `S-1-5-21-${policy.groupId};${exchange.distinguishedNameOf(policy.groupId)}`,
    AccessRight: policy.accessRight,
    ShardType: 'All',
    IsValid: group !== undefined,
    Description: policy.description,
  };
}

export const applicationAccessPolicyCmdlets: Record<string, Cmdlet> = {
  'Get-ApplicationAccessPolicy': {
    parameters: ['Identity'],
    run(parameters, context) {
      const all = context.exchange.current(context.exchange.policies);
      const named = all.filter((policy) => policy.identity === parameters.Identity);
      // An unknown identity answers every policy; who asks for one must look which it got.
      return (named.length > 0 ? named : all).map((policy) => describePolicy(policy, context));
    },
  },
  'New-ApplicationAccessPolicy': {
    parameters: ['AppId', 'PolicyScopeGroupId', 'AccessRight', 'Description', 'Confirm', 'WhatIf'],
    run(parameters, context) {
      const scope = required(parameters, 'PolicyScopeGroupId');
      const accessRight = required(parameters, 'AccessRight');
      const group = findGroup(scope, context);
      if (!group) throw notFound(scope);
      if (!group.securityEnabled || group.groupTypes.length > 0) {
        throw new CmdletError('InvalidScopeException', `The recipient '${scope}' is not a valid security principal.`);
      }
      if (accessRight !== 'RestrictAccess' && accessRight !== 'DenyAccess') {
        throw new CmdletError('ParameterBindingException', `Cannot bind parameter 'AccessRight' to '${accessRight}'.`);
      }
      const description = optional(parameters, 'Description') ?? ' ';
      const size = context.exchange
        .current(context.exchange.policies)
        .reduce((sum, each) => sum + 127 + each.description.length, 0);
      if (size + 127 + description.length > totalSizeLimit) {
        throw new CmdletError('InvalidOperationException', 'The total size of App Access Policies exceeded the limit.');
      }
      const appId = required(parameters, 'AppId').toLowerCase();
      return [
        describePolicy(context.exchange.addPolicy({ appId, groupId: group.id, accessRight, description }), context),
      ];
    },
  },
  'Remove-ApplicationAccessPolicy': {
    parameters: ['Identity', 'Confirm', 'WhatIf'],
    run(parameters, { exchange }) {
      const identity = required(parameters, 'Identity');
      const policy = exchange.current(exchange.policies).find((each) => each.identity === identity);
      if (!policy) throw notFound(identity);
      exchange.remove(policy);
      return [];
    },
  },
  'Test-ApplicationAccessPolicy': {
    parameters: ['Identity', 'AppId'],
    run(parameters, context) {
      const appId = required(parameters, 'AppId').toLowerCase();
      const person = findMailbox(required(parameters, 'Identity'), context);
      // It evaluates the configuration, not the caches, and says nothing of grants.
      const lets = policiesLet(context.exchange, { appId, person, asOf: context.now });
      return [
        {
          AppId: appId,
          Mailbox: person.displayName,
          MailboxId: person.id,
          AccessCheckResult: lets ? 'Granted' : 'Denied',
        },
      ];
    },
  },
};
