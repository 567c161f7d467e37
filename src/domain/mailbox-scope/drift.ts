import { acceptedPermissions, type Capability, capabilities, isServedBy } from '../mailbox-access/capability.ts';
import type { ExchangeConfiguration } from '../mailbox-access/exchange-configuration.ts';

/** What can change in Microsoft 365 and not through this product. */
export const driftKinds = [
  'grant_added',
  'grant_removed',
  'policy_added',
  'policy_removed',
  'assignment_added',
  'assignment_removed',
  'scope_changed',
  'group_changed',
  'mailboxes_exposed',
  'application_removed',
] as const;
export type DriftKind = (typeof driftKinds)[number];

export interface Difference {
  readonly what: DriftKind;
  /** The permission, policy, role assignment or group. */
  readonly subject: string;
  /** Features that stop working because of it, or start reaching more. */
  readonly capabilities: readonly Capability[];
}

/** What an application held of application permissions at one time; a list that nobody could read is absent. */
export interface HeldPermissions {
  readonly assignments?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** A finding that takes another one back. */
export const oppositeOf: Partial<Readonly<Record<DriftKind, DriftKind>>> = {
  grant_added: 'grant_removed',
  grant_removed: 'grant_added',
  policy_added: 'policy_removed',
  policy_removed: 'policy_added',
  assignment_added: 'assignment_removed',
  assignment_removed: 'assignment_added',
};

/**
 * What was granted and revoked between two looks. Only lists of the same kind are compared: the directory shows a grant
 * before tokens do. Total and pure.
 * @param used features of the tenant's organizations
 */
export function grantDifferences(
  before: HeldPermissions,
  after: HeldPermissions,
  used: readonly Capability[],
): Difference[] {
  const [then, now] =
    before.assignments && after.assignments ? [before.assignments, after.assignments] : [before.roles, after.roles];
  if (!then || !now) return [];
  const added = now.filter((permission) => !then.includes(permission));
  const removed = then.filter((permission) => !now.includes(permission));
  return [
    ...added.map((subject) => ({
      what: 'grant_added' as const,
      subject,
      capabilities: capabilities.filter((each) => acceptedPermissions[each].includes(subject)),
    })),
    ...removed.map((subject) => ({
      what: 'grant_removed' as const,
      subject,
      capabilities: used.filter((each) => acceptedPermissions[each].includes(subject) && !isServedBy(each, now)),
    })),
  ];
}

/**
 * What differs between two readings of Exchange. Total and pure. Names and descriptions alone are no difference.
 */
export function differencesOf(before: ExchangeConfiguration, after: ExchangeConfiguration): Difference[] {
  const nameOfPolicy = (policy: ExchangeConfiguration['policies'][number]) =>
    `${policy.accessRight} ${policy.scopeName}`;
  return [
    ...setDifferences(before.policies, after.policies, {
      keyOf: ({ accessRight, groupId, scopeName }) => `${accessRight} ${groupId ?? scopeName}`,
      nameOf: nameOfPolicy,
      added: 'policy_added',
      removed: 'policy_removed',
    }),
    ...setDifferences(withFilters(before), withFilters(after), {
      keyOf: ({ name }) => name,
      nameOf: ({ name, role }) => `${role} (${name})`,
      added: 'assignment_added',
      removed: 'assignment_removed',
      changed: 'scope_changed',
    }),
    ...setDifferences(before.groups.map(membersOnly), after.groups.map(membersOnly), {
      keyOf: ({ id }) => id,
      nameOf: ({ id }) => [...after.groups, ...before.groups].find((group) => group.id === id)?.displayName ?? id,
      changed: 'group_changed',
    }),
  ];
}

/** Whoever changes the filter of a management scope changes every assignment that uses it. */
function withFilters({ assignments, scopes }: ExchangeConfiguration) {
  return assignments.map((assignment) => {
    const { scope } = assignment;
    const filter =
      scope.kind === 'management_scope' ? scopes.find(({ name }) => name === scope.name)?.filter : undefined;
    return { ...assignment, filter: filter ?? null };
  });
}

function membersOnly({ id, memberIds, nestedGroupIds }: ExchangeConfiguration['groups'][number]) {
  return { id, memberIds: [...memberIds].sort(), nestedGroupIds: [...nestedGroupIds].sort() };
}

interface Comparison<T> {
  keyOf(item: T): string;
  nameOf(item: T): string;
  readonly added?: DriftKind;
  readonly removed?: DriftKind;
  readonly changed?: DriftKind;
}

function setDifferences<T>(before: readonly T[], after: readonly T[], comparison: Comparison<T>): Difference[] {
  const { keyOf, nameOf, added, removed, changed } = comparison;
  const then = new Map(before.map((item) => [keyOf(item), item]));
  const now = new Map(after.map((item) => [keyOf(item), item]));
  const found: Difference[] = [];
  const add = (what: DriftKind | undefined, item: T) => {
    if (what) found.push({ what, subject: nameOf(item), capabilities: [] });
  };
  for (const [key, item] of now) {
    const former = then.get(key);
    if (former === undefined) add(added, item);
    else if (textOf(former) !== textOf(item)) add(changed, item);
  }
  for (const [key, item] of then) if (!now.has(key)) add(removed, item);
  return found;
}

/** The same text for the same content, in whatever order a database gave its fields back. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
