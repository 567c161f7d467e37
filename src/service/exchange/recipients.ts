import type { GroupId } from '../../domain/ids.ts';
import { type CmdletOutput, type Cmdlets, isSame, textOf } from './cmdlets.ts';
import { CmdletFailed } from './gateway-error.ts';

/** A group found by its id in Entra; undefined when Exchange does not know it, as a security group without mail. */
export async function findGroup(cmdlets: Cmdlets, groupId: GroupId): Promise<CmdletOutput | undefined> {
  const filter = { Filter: `ExternalDirectoryObjectId -eq '${groupId}'`, ResultSize: 2 };
  const found = await cmdlets.invoke('Get-Recipient', filter);
  // Microsoft 365 groups are left out unless they are asked for.
  const all =
    found.length > 0
      ? found
      : await cmdlets.invoke('Get-Recipient', { ...filter, RecipientTypeDetails: 'GroupMailbox' });
  const [group, ...others] = all.filter(isGroup);
  return others.length === 0 ? group : undefined;
}

/** A group by any name that Exchange gave it; undefined for anything else, and where the name is not unique. */
export async function findGroupByName(cmdlets: Cmdlets, identity: string): Promise<CmdletOutput | undefined> {
  if (identity === '') return undefined;
  try {
    const [group, ...others] = await cmdlets.invoke('Get-Recipient', { Identity: identity });
    return group && others.length === 0 && isGroup(group) ? group : undefined;
  } catch (error) {
    if (error instanceof CmdletFailed && error.isAboutIdentity) return undefined;
    throw error;
  }
}

export interface Members {
  /** Whether they could be listed; an empty list says nothing when not. */
  readonly areKnown: boolean;
  readonly userIds: readonly string[];
  readonly groups: readonly CmdletOutput[];
}

/** Direct members of a group. */
export async function membersOf(cmdlets: Cmdlets, group: CmdletOutput): Promise<Members> {
  const listing = listingOf(group);
  if (!listing) return { areKnown: false, userIds: [], groups: [] };
  try {
    const members = await cmdlets.invoke(...listing);
    const groups = members.filter(isGroup);
    const users = members.filter((member) => !isGroup(member));
    return {
      // A group that exists in Exchange only has no id to be asked by.
      areKnown: groups.every((each) => idOf(each) !== ''),
      // Contacts have no id in the directory, and no mailbox.
      userIds: users.map(idOf).filter((id) => id !== ''),
      groups: groups.filter((each) => idOf(each) !== ''),
    };
  } catch (error) {
    if (error instanceof CmdletFailed) return { areKnown: false, userIds: [], groups: [] };
    throw error;
  }
}

/** Get-DistributionGroupMember answers nothing for a Microsoft 365 group, whoever is in it. */
function listingOf(group: CmdletOutput): [string, Readonly<Record<string, unknown>>] | undefined {
  const all = { Identity: idOf(group), ResultSize: 'Unlimited' };
  switch (textOf(group, 'RecipientTypeDetails')) {
    case 'GroupMailbox':
      return ['Get-UnifiedGroupLinks', { ...all, LinkType: 'Members' }];
    case 'MailUniversalSecurityGroup':
    case 'MailUniversalDistributionGroup':
    case 'RoomList':
      return ['Get-DistributionGroupMember', all];
    default:
      return undefined;
  }
}

export const idOf = (recipient: CmdletOutput) => textOf(recipient, 'ExternalDirectoryObjectId').toLowerCase();

function isGroup(recipient: CmdletOutput): boolean {
  const type = textOf(recipient, 'RecipientTypeDetails');
  return /group/i.test(type) || isSame(type, 'RoomList');
}
