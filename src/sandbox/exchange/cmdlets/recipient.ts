import type { Group } from '../../tenant/group.ts';
import type { Person } from '../../tenant/person.ts';
import { type Cmdlet, type CmdletContext, CmdletError, notFound, optional, required } from './cmdlet.ts';

/** Groups that Exchange knows: those with mail. */
export function findGroup(identity: string, { tenant, exchange }: CmdletContext): Group | undefined {
  const wanted = identity.toLowerCase();
  return [...tenant.groups.values()].find(
    (group) =>
      group.mailEnabled &&
      [group.id, group.mail, group.displayName, exchange.distinguishedNameOf(group.id)].some(
        (name) => name?.toLowerCase() === wanted,
      ),
  );
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

function describeGroup(group: Group, { exchange }: CmdletContext): object {
  return {
    Identity: group.displayName,
    Name: group.displayName,
    DisplayName: group.displayName,
    DistinguishedName: exchange.distinguishedNameOf(group.id),
    ExternalDirectoryObjectId: group.id,
    PrimarySmtpAddress: group.mail,
    RecipientTypeDetails: recipientTypeOf(group),
    IsValidSecurityPrincipal: group.securityEnabled && !group.groupTypes.includes('Unified'),
  };
}

function describePerson(person: Person): object {
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

function byFilter(filter: string, context: CmdletContext): object[] {
  const match = /^ExternalDirectoryObjectId -eq '([^']+)'$/.exec(filter);
  if (!match?.[1]) throw new CmdletError('InvalidFilterException', `The filter "${filter}" is not known here.`);
  const group = findGroup(match[1], context);
  if (group) return [describeGroup(group, context)];
  const person = context.tenant.find(match[1]);
  return person?.mailbox.state === 'available' ? [describePerson(person)] : [];
}

export const recipientCmdlets: Record<string, Cmdlet> = {
  'Get-Recipient': {
    parameters: ['Identity', 'Filter', 'ResultSize'],
    run(parameters, context) {
      const filter = optional(parameters, 'Filter');
      if (filter !== undefined) return byFilter(filter, context);
      const identity = required(parameters, 'Identity');
      const group = findGroup(identity, context);
      return [group ? describeGroup(group, context) : describePerson(findMailbox(identity, context))];
    },
  },
  'Get-DistributionGroupMember': {
    parameters: ['Identity', 'ResultSize'],
    run(parameters, context) {
      const group = findGroup(required(parameters, 'Identity'), context);
      if (!group) throw notFound(required(parameters, 'Identity'));
      // The cmdlet answers nothing for a Microsoft 365 group, whoever is in it.
      if (group.groupTypes.includes('Unified')) return [];
      return group.memberIds.flatMap((id) => {
        const inner = context.tenant.groups.get(id);
        if (inner) return inner.mailEnabled ? [describeGroup(inner, context)] : [];
        const person = context.tenant.find(id);
        return person ? [describePerson(person)] : [];
      });
    },
  },
};
