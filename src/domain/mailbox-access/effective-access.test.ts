import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AdministrativeUnitId, AppId, GroupId } from '../ids.ts';
import type { ApplicationAccessPolicy } from './application-access-policy.ts';
import {
  type AccessConfiguration,
  effectiveAccess,
  effectiveAccessToAny,
  type MailboxMembership,
  type RoleAssignment,
} from './effective-access.ts';

const app = 'our application' as AppId;
const sales = 'sales' as GroupId;
const salesEurope = 'sales europe' as GroupId;
const unit = 'unit' as AdministrativeUnitId;

const inSales: MailboxMembership = {
  directGroups: new Set([sales]),
  transitiveGroups: new Set([sales]),
  administrativeUnits: new Set(),
};
/** A member of a group that is nested in sales. */
const nestedInSales: MailboxMembership = {
  directGroups: new Set([salesEurope]),
  transitiveGroups: new Set([salesEurope, sales]),
  administrativeUnits: new Set([unit]),
};
const outside: MailboxMembership = {
  directGroups: new Set(),
  transitiveGroups: new Set(),
  administrativeUnits: new Set(),
};

const restrictToSales: ApplicationAccessPolicy = { appId: app, accessRight: 'RestrictAccess', scopeGroupId: sales };
const readInSales: RoleAssignment = {
  role: 'Application Mail.Read',
  scope: { kind: 'direct_members', groupIds: [sales], covers: 'members' },
};

function configuration(changes: Partial<AccessConfiguration>): AccessConfiguration {
  return { appId: app, entraGrants: new Set(), policies: [], assignments: [], ...changes };
}
const granted = new Set(['Mail.Read']);

// The table of both mechanisms together: Entra grant × policies × assignment.
test.each<[string, AccessConfiguration, MailboxMembership, string]>([
  [
    'granted, no policy, no assignment: the whole tenant',
    configuration({ entraGrants: granted }),
    outside,
    'reachable',
  ],
  [
    'granted, no policy, assignment elsewhere: the assignment limits nothing',
    configuration({ entraGrants: granted, assignments: [readInSales] }),
    outside,
    'reachable',
  ],
  [
    'granted, policy allows',
    configuration({ entraGrants: granted, policies: [restrictToSales] }),
    inSales,
    'reachable',
  ],
  [
    'granted, policy blocks, no assignment',
    configuration({ entraGrants: granted, policies: [restrictToSales] }),
    outside,
    'closed',
  ],
  [
    'granted, policy blocks, assignment holds the mailbox: policies do not touch assignments',
    configuration({
      entraGrants: granted,
      policies: [{ ...restrictToSales, accessRight: 'DenyAccess' }],
      assignments: [readInSales],
    }),
    inSales,
    'reachable',
  ],
  ['not granted, assignment holds the mailbox', configuration({ assignments: [readInSales] }), inSales, 'reachable'],
  ['not granted, assignment does not hold it', configuration({ assignments: [readInSales] }), outside, 'closed'],
  ['not granted, no assignment', configuration({}), inSales, 'closed'],
])('%s', (_, given, mailbox, access) => {
  expect(effectiveAccess('Mail.Read', mailbox, given).access).toBe(access);
});

test('policies count nested members, assignments do not', () => {
  expect(
    effectiveAccess('Mail.Read', nestedInSales, configuration({ entraGrants: granted, policies: [restrictToSales] }))
      .access,
  ).toBe('reachable');
  expect(effectiveAccess('Mail.Read', nestedInSales, configuration({ assignments: [readInSales] }))).toEqual({
    access: 'closed',
    because: 'outside_assignment_scope',
  });
});

test('a grant of a permission that policies do not confine reaches every mailbox', () => {
  const given = configuration({ entraGrants: new Set(['Calendars.ReadBasic.All']), policies: [restrictToSales] });
  expect(effectiveAccess('Calendars.ReadBasic.All', outside, given)).toEqual({
    access: 'reachable',
    paths: [{ via: 'entra_grant', limitedBy: 'nothing' }],
  });
});

test('a filter that the rule does not read is unknown, never a guess', () => {
  const scope = { kind: 'other_filter', filter: "Department -eq 'Sales'" } as const;
  const given = configuration({ assignments: [{ role: 'Application Mail.Read', scope }] });
  expect(effectiveAccess('Mail.Read', inSales, given)).toMatchObject({ access: 'unknown', filters: [scope.filter] });
});

test('every path is told, so that an admin sees the union trap', () => {
  const given = configuration({ entraGrants: granted, assignments: [readInSales] });
  expect(effectiveAccess('Mail.Read', inSales, given)).toMatchObject({
    paths: [
      { via: 'entra_grant', limitedBy: 'nothing' },
      { via: 'role_assignment', role: 'Application Mail.Read' },
    ],
  });
});

test('one of several permissions is enough, and being kept out says more than not being granted', () => {
  const given = configuration({ entraGrants: new Set(['Mail.ReadWrite']), policies: [restrictToSales] });
  expect(effectiveAccessToAny(['Mail.Read', 'Mail.ReadWrite'], inSales, given).access).toBe('reachable');
  expect(effectiveAccessToAny(['Mail.Read', 'Mail.ReadWrite'], outside, given)).toEqual({
    access: 'closed',
    because: 'outside_restrict_scope',
  });
});

// The brute-force model: a tenant of a few mailboxes and groups, computed with sets instead of rules.
const permissions = ['Mail.Read', 'Mail.Send', 'Calendars.ReadBasic.All'];
const roles = ['Application Mail.Read', 'Application Mail.Send', 'Application Mail Full Access'];
const grantsOfRole: Record<string, string[]> = {
  'Application Mail.Read': ['Mail.Read'],
  'Application Mail.Send': ['Mail.Send'],
  'Application Mail Full Access': ['Mail.ReadWrite', 'Mail.Send'],
};
const mailboxes = [0, 1, 2, 3, 4];
const groups = ['g0', 'g1', 'g2', 'g3'] as unknown as GroupId[];

const tenant = fc.record({
  /** Direct members of each group. */
  members: fc.array(fc.subarray(mailboxes), { minLength: groups.length, maxLength: groups.length }),
  /** `nested[i]` holds the indices of groups inside group i; only larger ones, so that there is no circle. */
  nested: fc.tuple(fc.subarray([1, 2, 3]), fc.subarray([2, 3]), fc.subarray([3]), fc.constant<number[]>([])),
  granted: fc.subarray(permissions),
  policies: fc.array(
    fc.record({
      ours: fc.boolean(),
      deny: fc.boolean(),
      group: fc.nat(groups.length - 1),
    }),
    { maxLength: 4 },
  ),
  assignments: fc.array(
    fc.record({
      role: fc.constantFrom(...roles),
      everywhere: fc.boolean(),
      everybodyElse: fc.boolean(),
      groups: fc.subarray([0, 1, 2, 3]),
    }),
    { maxLength: 3 },
  ),
});
type GivenTenant = typeof tenant extends fc.Arbitrary<infer Given> ? Given : never;

/** Members of each group: directly, and with nested groups resolved. */
function membersOf(given: GivenTenant) {
  const direct = given.members.map((each) => new Set(each));
  const all = direct.map((each) => new Set(each));
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    for (const inner of given.nested[index] ?? []) for (const mailbox of all[inner] ?? []) all[index]?.add(mailbox);
  }
  return { direct, all };
}

function configuredAs(given: GivenTenant): AccessConfiguration {
  return configuration({
    entraGrants: new Set(given.granted),
    policies: given.policies.map((policy) => ({
      appId: policy.ours ? app : ('another application' as AppId),
      accessRight: policy.deny ? 'DenyAccess' : 'RestrictAccess',
      scopeGroupId: groups[policy.group] as GroupId,
    })),
    assignments: given.assignments.map(({ role, everywhere, everybodyElse, groups: indices }): RoleAssignment => {
      const groupIds = indices.map((index) => groups[index] as GroupId);
      const covers = everybodyElse ? 'everybody_else' : 'members';
      return { role, scope: everywhere ? { kind: 'organization' } : { kind: 'direct_members', groupIds, covers } };
    }),
  });
}

const holding = (mailbox: number, members: readonly ReadonlySet<number>[]) =>
  new Set(groups.filter((_, index) => members[index]?.has(mailbox)));

test('the rule agrees with a brute-force model on 10,000 random tenants', () => {
  fc.assert(
    fc.property(tenant, fc.constantFrom(...permissions), (given, permission) => {
      const { direct, all } = membersOf(given);

      const ours = given.policies.filter((policy) => policy.ours);
      const union = (policies: typeof ours) => new Set(policies.flatMap((policy) => [...(all[policy.group] ?? [])]));
      const denied = union(ours.filter((policy) => policy.deny));
      const restricts = ours.filter((policy) => !policy.deny);
      const allowed = restricts.length > 0 ? union(restricts) : new Set(mailboxes);
      const isConfined = permission !== 'Calendars.ReadBasic.All';
      const byEntra = given.granted.includes(permission)
        ? mailboxes.filter((mailbox) => !isConfined || (allowed.has(mailbox) && !denied.has(mailbox)))
        : [];
      const byRole = given.assignments
        .filter((assignment) => grantsOfRole[assignment.role]?.includes(permission))
        .flatMap((assignment) => {
          const named = new Set(assignment.groups.flatMap((index) => [...(direct[index] ?? [])]));
          if (assignment.everywhere) return mailboxes;
          return mailboxes.filter((mailbox) => named.has(mailbox) !== assignment.everybodyElse);
        });
      const reachable = new Set([...byEntra, ...byRole]);

      const configured = configuredAs(given);
      for (const mailbox of mailboxes) {
        const membership = {
          directGroups: holding(mailbox, direct),
          transitiveGroups: holding(mailbox, all),
          administrativeUnits: new Set<AdministrativeUnitId>(),
        };
        const { access } = effectiveAccess(permission, membership, configured);
        expect(access).toBe(reachable.has(mailbox) ? 'reachable' : 'closed');
      }
    }),
    { numRuns: 10_000 },
  );
});

test('where members are not known, what the rule still says is true for everything that they may be', () => {
  let said = 0;
  let unknown = 0;
  fc.assert(
    fc.property(tenant, fc.constantFrom(...permissions), fc.subarray([0, 1, 2, 3]), (given, permission, hidden) => {
      const { direct, all } = membersOf(given);
      const configured = configuredAs(given);
      const unlisted = new Set(hidden.map((index) => groups[index] as GroupId));
      const known = (ids: ReadonlySet<GroupId>) => new Set([...ids].filter((id) => !unlisted.has(id)));
      for (const mailbox of mailboxes) {
        const directGroups = known(holding(mailbox, direct));
        const transitiveGroups = known(holding(mailbox, all));
        const administrativeUnits = new Set<AdministrativeUnitId>();
        const { access } = effectiveAccess(
          permission,
          {
            directGroups,
            transitiveGroups,
            administrativeUnits,
            unknown: { directGroups: unlisted, transitiveGroups: unlisted, administrativeUnits },
          },
          configured,
        );
        if (access === 'unknown') {
          unknown += 1;
          continue;
        }
        said += 1;
        for (const inside of subsetsOf([...unlisted])) {
          const possible = {
            directGroups: new Set([...directGroups, ...inside]),
            transitiveGroups: new Set([...transitiveGroups, ...inside]),
            administrativeUnits,
          };
          expect(effectiveAccess(permission, possible, configured).access).toBe(access);
        }
      }
    }),
    { numRuns: 3_000 },
  );
  expect(said).toBeGreaterThan(1_000);
  expect(unknown).toBeGreaterThan(100);
});

test('a policy on something that is not known is never taken to let in or keep out', () => {
  const given = configuration({ entraGrants: granted, policies: [{ ...restrictToSales, scopeGroupId: null }] });
  expect(effectiveAccess('Mail.Read', inSales, given)).toEqual({
    access: 'unknown',
    because: 'members_unknown',
    ids: [],
  });
  const also = configuration({ entraGrants: granted, policies: [...given.policies, restrictToSales] });
  expect(effectiveAccess('Mail.Read', inSales, also).access).toBe('reachable');
});

function subsetsOf<T>(all: readonly T[]): T[][] {
  const sets: T[][] = [[]];
  for (const each of all) sets.push(...sets.map((set) => [...set, each]));
  return sets;
}
