import type { AdministrativeUnitId, GroupId, ServicePrincipalId, UserId } from '../ids.ts';

/** An application access policy as Exchange lists it. */
export interface ExchangePolicy {
  readonly identity: string;
  readonly accessRight: 'RestrictAccess' | 'DenyAccess';
  /** Null when Exchange names a scope that it cannot resolve to a group, such as a deleted one. */
  readonly groupId: GroupId | null;
  readonly scopeName: string;
  readonly description: string;
}

/** A management role assignment as Exchange lists it. */
export interface ExchangeAssignment {
  readonly name: string;
  readonly role: string;
  readonly scope:
    | { readonly kind: 'organization' }
    | { readonly kind: 'management_scope'; readonly name: string }
    | { readonly kind: 'group'; readonly groupId: GroupId }
    | { readonly kind: 'administrative_unit'; readonly id: AdministrativeUnitId }
    /** In Exchange's words. */
    | { readonly kind: 'unknown'; readonly text: string };
}

export const exchangeGroupKinds = [
  'mail_enabled_security',
  'distribution',
  'microsoft_365',
  'dynamic',
  'other',
] as const;

/** A group as Exchange knows it. */
export interface ExchangeGroup {
  readonly id: GroupId;
  readonly displayName: string;
  readonly address: string | null;
  readonly kind: (typeof exchangeGroupKinds)[number];
  readonly distinguishedName: string;
  /** Whether the members could be listed; an empty list says nothing when they could not. */
  readonly membersKnown: boolean;
  /** Users directly in it. */
  readonly memberIds: readonly UserId[];
  /** Groups directly in it. */
  readonly nestedGroupIds: readonly GroupId[];
}

/** What Exchange Online enforces for one application at one moment. */
export interface ExchangeConfiguration {
  /** Exchange's pointer. A stale one names another object than the service principal that is in the tenant now. */
  readonly servicePrincipal: { readonly objectId: ServicePrincipalId; readonly displayName: string } | null;
  readonly policies: readonly ExchangePolicy[];
  readonly assignments: readonly ExchangeAssignment[];
  /** Management scopes that the assignments use. */
  readonly scopes: readonly { readonly name: string; readonly filter: string }[];
  /** Every group that policies, assignments and scopes name, and every group nested in those. */
  readonly groups: readonly ExchangeGroup[];
}
