import { z } from 'zod';
import type { AdministrativeUnitId, GroupId, ServicePrincipalId, UserId } from '../../domain/ids.ts';
import type {
  ExchangeAssignment,
  ExchangeConfiguration,
  ExchangeGroup,
} from '../../domain/mailbox-access/exchange-configuration.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const guid = z.guid().toLowerCase();
/** Empty where Exchange could not resolve something. */
const guidOrNothing = text.pipe(z.union([z.literal(''), guid]));

/**
 * A list as PowerShell writes it: one element alone may have lost its brackets, none may be null, and Windows PowerShell
 * sometimes wraps a list into `{ value, Count }`.
 */
export function listOf<T>(element: z.ZodType<T>) {
  return z.preprocess((value) => {
    if (value === null || value === undefined) return [];
    if (typeof value === 'object' && 'value' in value && 'Count' in value) return asList(value.value);
    return asList(value);
  }, z.array(element));
}

function asList(value: unknown): unknown {
  return Array.isArray(value) ? value : [value];
}

/** What cmdlets say of one application, before anything is made of it; the same from the script and the gateway. */
export const findings = z.object({
  servicePrincipals: listOf(z.object({ objectId: guid, displayName: text })),
  policies: listOf(
    z.object({
      identity: text,
      accessRight: z.enum(['RestrictAccess', 'DenyAccess']),
      groupId: guidOrNothing,
      scopeName: text,
      description: text,
    }),
  ),
  assignments: listOf(
    z.object({
      name: text,
      role: text,
      /** RecipientWriteScope. */
      writeScope: text,
      /** CustomResourceScope. */
      resourceScope: text,
      groupScope: text,
      /** Of the group scope, when Exchange could resolve it. */
      groupId: guidOrNothing,
      administrativeUnit: text,
    }),
  ),
  scopes: listOf(z.object({ name: text, filter: text })),
  groups: listOf(
    z.object({
      id: guid,
      displayName: text,
      address: text,
      /** RecipientTypeDetails. */
      type: text,
      distinguishedName: text,
      membersKnown: z.boolean(),
      memberIds: listOf(guid),
      nestedGroupIds: listOf(guid),
    }),
  ),
});
export type Findings = z.infer<typeof findings>;

const kinds: Readonly<Record<string, ExchangeGroup['kind']>> = {
  MailUniversalSecurityGroup: 'mail_enabled_security',
  MailUniversalDistributionGroup: 'distribution',
  RoomList: 'distribution',
  GroupMailbox: 'microsoft_365',
  DynamicDistributionGroup: 'dynamic',
};

/** Findings in our own words. Lists of ids are sorted: Exchange promises no order. */
export function configurationFrom(found: Findings): ExchangeConfiguration {
  const [pointer] = found.servicePrincipals;
  return {
    servicePrincipal: pointer ? { ...pointer, objectId: pointer.objectId as ServicePrincipalId } : null,
    policies: found.policies.map((policy) => ({ ...policy, groupId: (policy.groupId || null) as GroupId | null })),
    assignments: found.assignments.map(readAssignment),
    scopes: found.scopes,
    groups: found.groups
      .map((group) => ({
        id: group.id as GroupId,
        displayName: group.displayName,
        address: group.address || null,
        kind: kinds[group.type] ?? ('other' as const),
        distinguishedName: group.distinguishedName,
        membersKnown: group.membersKnown,
        memberIds: [...new Set(group.memberIds)].sort() as UserId[],
        nestedGroupIds: [...new Set(group.nestedGroupIds)].sort() as GroupId[],
      }))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

function readAssignment({ name, role, ...scope }: Findings['assignments'][number]): ExchangeAssignment {
  const { writeScope, resourceScope, groupScope, groupId, administrativeUnit } = scope;
  if (administrativeUnit) {
    return { name, role, scope: { kind: 'administrative_unit', id: administrativeUnit as AdministrativeUnitId } };
  }
  if (groupId) return { name, role, scope: { kind: 'group', groupId: groupId as GroupId } };
  if (groupScope) return { name, role, scope: { kind: 'unknown', text: groupScope } };
  if (resourceScope) return { name, role, scope: { kind: 'management_scope', name: resourceScope } };
  if (writeScope === 'Organization') return { name, role, scope: { kind: 'organization' } };
  return { name, role, scope: { kind: 'unknown', text: writeScope } };
}
