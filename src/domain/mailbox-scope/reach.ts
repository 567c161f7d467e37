import type { UserId } from '../ids.ts';
import { permissionsUnderPolicies } from '../mailbox-access/application-access-policy.ts';
import {
  type AccessConfiguration,
  effectiveAccessToAny,
  type MailboxMembership,
} from '../mailbox-access/effective-access.ts';
import { permissionsOfExchangeRole } from '../mailbox-access/exchange-role.ts';

/** Every permission that opens something of a mailbox, whoever grants it. */
export const mailboxPermissions: readonly string[] = [
  ...new Set([...permissionsUnderPolicies, ...Object.values(permissionsOfExchangeRole).flat()]),
];

/** Grants of Entra that reach mailboxes: with a limit by role assignments none of them may stay. */
export function mailboxGrants(entraGrants: Iterable<string>): string[] {
  return [...entraGrants].filter((permission) => mailboxPermissions.includes(permission));
}

export type Reachability = 'reachable' | 'closed' | 'unknown';

/**
 * Whether the application can open anything of a mailbox: by the access rule, over every permission that some authority
 * grants. One open door is enough.
 */
export function reachability(mailbox: MailboxMembership, configuration: AccessConfiguration): Reachability {
  const held = new Set([
    ...mailboxGrants(configuration.entraGrants),
    ...configuration.assignments.flatMap(({ role }) => permissionsOfExchangeRole[role] ?? []),
  ]);
  const [first, ...others] = held;
  if (!first) return 'closed';
  return effectiveAccessToAny([first, ...others], mailbox, configuration).access;
}

export interface ReachCounts {
  readonly mailboxes: number;
  readonly reachable: number;
  readonly unknown: number;
}

/** The blast radius over a whole tenant, and how it moves from one configuration to another. */
export function compareReach(
  mailboxes: readonly UserId[],
  membershipOf: (userId: UserId) => MailboxMembership,
  before: AccessConfiguration,
  after: AccessConfiguration,
): { readonly now: ReachCounts; readonly after: ReachCounts; readonly gains: UserId[]; readonly loses: UserId[] } {
  const now = tally(mailboxes.length);
  const then = tally(mailboxes.length);
  const gains: UserId[] = [];
  const loses: UserId[] = [];
  for (const userId of mailboxes) {
    const membership = membershipOf(userId);
    const was = reachability(membership, before);
    const will = reachability(membership, after);
    now.count(was);
    then.count(will);
    if (will === 'reachable' && was !== 'reachable') gains.push(userId);
    if (was === 'reachable' && will !== 'reachable') loses.push(userId);
  }
  return { now: now.counts(), after: then.counts(), gains, loses };
}

function tally(mailboxes: number) {
  let reachable = 0;
  let unknown = 0;
  return {
    count(one: Reachability) {
      if (one === 'reachable') reachable += 1;
      if (one === 'unknown') unknown += 1;
    },
    counts: (): ReachCounts => ({ mailboxes, reachable, unknown }),
  };
}
