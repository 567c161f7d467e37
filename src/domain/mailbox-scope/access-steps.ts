import { decideByPolicies } from '../mailbox-access/application-access-policy.ts';
import { acceptedPermissions, type Capability } from '../mailbox-access/capability.ts';
import {
  type AccessConfiguration,
  type EffectiveAccess,
  effectiveAccessToAny,
  type MailboxMembership,
} from '../mailbox-access/effective-access.ts';
import { permissionsOfExchangeRole } from '../mailbox-access/exchange-role.ts';

/** `opens`: lets the application in; `closes`: keeps it out; `silent`: has no say here. */
export const accessMarks = ['opens', 'closes', 'silent', 'unknown'] as const;
export type AccessMark = (typeof accessMarks)[number];

export interface AccessStep {
  readonly step: 'entra_grant' | 'policy' | 'role_assignment';
  readonly mark: AccessMark;
  /** Permissions, policies or roles that decide here. */
  readonly names: readonly string[];
}

/** What the rule says of one capability of one mailbox. */
export function predictCapability(
  capability: Capability,
  mailbox: MailboxMembership,
  configuration: AccessConfiguration,
): EffectiveAccess {
  const [first, ...others] = acceptedPermissions[capability];
  return effectiveAccessToAny([first, ...others], mailbox, configuration);
}

/**
 * The stations of a decision, each with its own mark, so that a reason can be seen. They explain the access rule and do
 * not decide: an open grant that policies let through, or an open role, is enough.
 * @param isRead whether it is known what Exchange enforces
 */
export function accessSteps(
  capabilities: readonly Capability[],
  mailbox: MailboxMembership,
  configuration: AccessConfiguration,
  isRead: boolean,
): readonly [AccessStep, AccessStep, AccessStep] {
  const wanted = new Set(capabilities.flatMap((capability) => [...acceptedPermissions[capability]]));
  const granted = [...configuration.entraGrants].filter((permission) => wanted.has(permission));
  return [
    { step: 'entra_grant', mark: granted.length > 0 ? 'opens' : 'silent', names: granted },
    isRead ? policyStep(granted.length > 0, mailbox, configuration) : { step: 'policy', mark: 'unknown', names: [] },
    isRead ? roleStep(wanted, mailbox, configuration) : { step: 'role_assignment', mark: 'unknown', names: [] },
  ];
}

function policyStep(isGranted: boolean, mailbox: MailboxMembership, configuration: AccessConfiguration): AccessStep {
  const { appId, policies } = configuration;
  const names = [...new Set(policies.map(({ accessRight }) => accessRight))];
  const decision = decideByPolicies(appId, mailbox.transitiveGroups, policies, mailbox.unknown?.transitiveGroups);
  // Policies confine grants of Entra, and without one there is nothing to confine.
  if (!isGranted || policies.length === 0) return { step: 'policy', mark: 'silent', names };
  if (decision.allows === 'unknown') return { step: 'policy', mark: 'unknown', names };
  return { step: 'policy', mark: decision.allows ? 'opens' : 'closes', names };
}

function roleStep(
  wanted: ReadonlySet<string>,
  mailbox: MailboxMembership,
  configuration: AccessConfiguration,
): AccessStep {
  const relevant = configuration.assignments.filter(({ role }) =>
    permissionsOfExchangeRole[role]?.some((permission) => wanted.has(permission)),
  );
  const names = [...new Set(relevant.map(({ role }) => role))];
  if (relevant.length === 0) return { step: 'role_assignment', mark: 'silent', names };
  const roleOnly: AccessConfiguration = { ...configuration, entraGrants: new Set(), assignments: relevant };
  const [first, ...others] = wanted;
  const { access } = effectiveAccessToAny([first as string, ...others], mailbox, roleOnly);
  const mark = access === 'reachable' ? 'opens' : access === 'closed' ? 'closes' : 'unknown';
  return { step: 'role_assignment', mark, names };
}
