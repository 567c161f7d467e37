/** Kinds of groups in the directory, as Exchange tells them apart. */
export const groupKinds = [
  'mail_enabled_security',
  'security',
  'distribution',
  'microsoft_365',
  'dynamic',
  'other',
] as const;
export type GroupKind = (typeof groupKinds)[number];

export interface GroupTraits {
  readonly mailEnabled: boolean;
  readonly securityEnabled: boolean;
  readonly groupTypes: readonly string[];
}

/** @see Microsoft Learn, group resource type, `groupTypes`, `mailEnabled`, `securityEnabled` */
export function kindOfGroup({ mailEnabled, securityEnabled, groupTypes }: GroupTraits): GroupKind {
  if (groupTypes.includes('DynamicMembership')) return 'dynamic';
  if (groupTypes.includes('Unified')) return 'microsoft_365';
  if (mailEnabled) return securityEnabled ? 'mail_enabled_security' : 'distribution';
  return securityEnabled ? 'security' : 'other';
}
