import type { Group } from '../../tenant/group.ts';
import type { Person } from '../../tenant/person.ts';
import {
  type Cmdlet,
  type CmdletContext,
  CmdletError,
  notFound,
  optional,
  type Parameters,
  required,
} from './cmdlet.ts';

/** Results without `-ResultSize`; Exchange warns and leaves the rest out. */
const defaultResultSize = 1000;

/**
 * Groups that Exchange knows: those with mail.
 * @throws CmdletError when several have the name
 */
export function findGroup(identity: string, { tenant, exchange }: CmdletContext): Group | undefined {
  const wanted = identity.toLowerCase();
  const groups = [...tenant.groups.values()].filter((group) => group.mailEnabled);
  const named = (names: (group: Group) => readonly (string | null)[]) =>
    groups.filter((group) => names(group).some((name) => name?.toLowerCase() === wanted));
  const [found] = named((group) => [
    group.id,
    group.mail,
    exchange.nameOf(group.id),
    exchange.distinguishedNameOf(group.id),
  ]);
  if (found) return found;
  const [first, second] = named((group) => [group.displayName]);
  if (second) {
    throw new CmdletError(
      'ManagementObjectAmbiguousException',
      `The operation couldn't be performed because '${identity}' matches multiple entries.`,
    );
  }
  return first;
}

/** A mailbox by object id, address or user principal name. */
export function findMailbox(identity: string, { tenant }: CmdletContext): Person {
  const person =
    tenant.find(identity) ?? tenant.people.find((each) => each.mail?.toLowerCase() === identity.toLowerCase());
  if (!person || person.deletedAt || person.mailbox.state !== 'available') throw notFound(identity);
  return person;
}

const recipientTypeOf = (group: Group) =>
  group.groupTypes.includes('Unified')
    ? 'GroupMailbox'
    : group.securityEnabled
      ? 'MailUniversalSecurityGroup'
      : 'MailUniversalDistributionGroup';

function describeGroup(group: Group, { exchange }: CmdletContext) {
  const name = exchange.nameOf(group.id);
  return {
    Identity: name,
    Name: name,
    DisplayName: group.displayName,
    DistinguishedName: exchange.distinguishedNameOf(group.id),
    ExternalDirectoryObjectId: group.id,
    PrimarySmtpAddress: group.mail,
    RecipientTypeDetails: recipientTypeOf(group),
    IsValidSecurityPrincipal: group.securityEnabled && !group.groupTypes.includes('Unified'),
  };
}

function describePerson(person: Person) {
  return {
    Identity: person.displayName,
    Name: person.displayName,
    DisplayName: person.displayName,
    ExternalDirectoryObjectId: person.id,
    PrimarySmtpAddress: person.mail,
    RecipientTypeDetails: 'UserMailbox',
    IsValidSecurityPrincipal: true,
  };
}

function byFilter(filter: string, type: string | undefined, context: CmdletContext): object[] {
  const match = /^ExternalDirectoryObjectId -eq '([^']+)'$/.exec(filter);
  if (!match?.[1]) throw new CmdletError('InvalidFilterException', `The filter "${filter}" is not known here.`);
  const id = match[1].toLowerCase();
  const group = [...context.tenant.groups.values()].find((each) => each.mailEnabled && each.id === id);
  if (group) {
    const described = describeGroup(group, context);
    // Microsoft 365 groups are left out unless they are asked for.
    const isAsked = type ? described.RecipientTypeDetails === type : described.RecipientTypeDetails !== 'GroupMailbox';
    return isAsked ? [described] : [];
  }
  const person = context.tenant.find(id);
  return person?.mailbox.state === 'available' && !type ? [describePerson(person)] : [];
}

function membersOf(group: Group, context: CmdletContext): object[] {
  return group.memberIds.flatMap((id) => {
    const inner = context.tenant.groups.get(id);
    if (inner) return inner.mailEnabled ? [describeGroup(inner, context)] : [];
    const person = context.tenant.find(id);
    return person ? [describePerson(person)] : [];
  });
}

function cut(found: readonly object[], parameters: Parameters): readonly object[] {
  const size = parameters.ResultSize ?? defaultResultSize;
  if (String(size).toLowerCase() === 'unlimited') return found;
  if (!Number.isInteger(Number(size))) {
    throw new CmdletError('ParameterBindingException', `Cannot bind parameter 'ResultSize' to '${size}'.`);
  }
  return found.slice(0, Number(size));
}

function wantedGroup(parameters: Parameters, context: CmdletContext): Group {
  const identity = required(parameters, 'Identity');
  const group = findGroup(identity, context);
  if (!group) throw notFound(identity);
  return group;
}

export const recipientCmdlets: Record<string, Cmdlet> = {
  'Get-Recipient': {
    parameters: ['Identity', 'Filter', 'RecipientTypeDetails', 'ResultSize'],
    run(parameters, context) {
      const filter = optional(parameters, 'Filter');
      const type = optional(parameters, 'RecipientTypeDetails');
      if (filter !== undefined) return cut(byFilter(filter, type, context), parameters);
      const identity = required(parameters, 'Identity');
      const group = findGroup(identity, context);
      return [group ? describeGroup(group, context) : describePerson(findMailbox(identity, context))];
    },
  },
  'Get-DistributionGroupMember': {
    parameters: ['Identity', 'ResultSize'],
    run(parameters, context) {
      const group = wantedGroup(parameters, context);
      // The cmdlet answers nothing for a Microsoft 365 group, whoever is in it.
      if (group.groupTypes.includes('Unified')) return [];
      return cut(membersOf(group, context), parameters);
    },
  },
  'Get-UnifiedGroupLinks': {
    parameters: ['Identity', 'LinkType', 'ResultSize'],
    run(parameters, context) {
      const group = wantedGroup(parameters, context);
      if (!group.groupTypes.includes('Unified')) throw notFound(required(parameters, 'Identity'));
      if (required(parameters, 'LinkType') !== 'Members') {
        throw new CmdletError('ParameterBindingException', "Only the links of type 'Members' are simulated.");
      }
      return cut(membersOf(group, context), parameters);
    },
  },
};
