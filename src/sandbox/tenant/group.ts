/** A group of the tenant. Which kind it is follows from three properties, as in Graph. */
export interface Group {
  readonly id: string;
  displayName: string;
  description: string | null;
  mail: string | null;
  mailNickname: string;
  mailEnabled: boolean;
  securityEnabled: boolean;
  groupTypes: string[];
  visibility: string | null;
  onPremisesSyncEnabled: true | null;
  /** Ids of people and of groups inside this one. */
  memberIds: string[];
  readonly createdAt: Date;
}

export type GroupKind = 'mailEnabledSecurity' | 'security' | 'microsoft365' | 'distribution';

/** The properties that make a group the kind it is. @see Microsoft Learn, group resource type */
export const propertiesOfKind: Record<GroupKind, Pick<Group, 'mailEnabled' | 'securityEnabled' | 'groupTypes'>> = {
  mailEnabledSecurity: { mailEnabled: true, securityEnabled: true, groupTypes: [] },
  security: { mailEnabled: false, securityEnabled: true, groupTypes: [] },
  microsoft365: { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] },
  distribution: { mailEnabled: true, securityEnabled: false, groupTypes: [] },
};

/** Groups that tests call by name. */
export const namedGroups = {
  /** Holds `salesEurope` as a nested group. */
  sales: { id: '451b4cf3-6123-4df7-b656-af7229d4beef', displayName: 'Sales', kind: 'mailEnabledSecurity' },
  salesEurope: { id: 'b02b61c4-a3d7-4628-ace6-6fa2fd5166e6', displayName: 'Sales Europe', kind: 'mailEnabledSecurity' },
  research: { id: '5304317f-af42-412f-b838-b3268e944239', displayName: 'Research', kind: 'security' },
  engineering: { id: '0e51f30d-c6a7-4e39-84b0-32ccd7c524a5', displayName: 'Engineering', kind: 'microsoft365' },
  newsletter: { id: 'ce177b4e-0837-48a3-9261-a7ab3aa2e4f9', displayName: 'Newsletter', kind: 'distribution' },
  /** Nobody is in it. */
  empty: { id: '10f1bc81-448a-4a9e-a6b2-bc5b50c187fc', displayName: 'Alumni', kind: 'security' },
} as const satisfies Record<string, { id: string; displayName: string; kind: GroupKind }>;
