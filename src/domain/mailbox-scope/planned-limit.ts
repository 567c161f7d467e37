import type { LimitRequest } from '../exchange-plan/limit-plan.ts';
import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';
import { accessConfigurationOf } from '../mailbox-access/configured-access.ts';
import type { ExchangeConfiguration, ExchangeGroup } from '../mailbox-access/exchange-configuration.ts';
import { indexMembership } from '../mailbox-access/membership-index.ts';
import { configurationWith, type FoundProblem, problemsOfLimit, type WantedLimit } from './limit.ts';
import { compareReach, type ReachCounts } from './reach.ts';
import type { GroupKind } from './scope-group.ts';

/** A group as the directory tells it, with everything nested in it. */
export interface GroupWithMembers {
  readonly id: GroupId;
  readonly displayName: string;
  readonly address: string | null;
  readonly kind: GroupKind;
  readonly memberIds: readonly UserId[];
  readonly nestedGroupIds: readonly GroupId[];
}

/** All that is known of a tenant when a limit is judged. */
export interface TenantSurvey {
  readonly tenantId: TenantId;
  readonly appId: AppId;
  /** Of the application in this tenant; undefined where it is not there. */
  readonly servicePrincipalId: ServicePrincipalId | undefined;
  readonly entraGrants: ReadonlySet<string>;
  /** What Exchange enforces; undefined when it was never read. */
  readonly configuration: ExchangeConfiguration | undefined;
  /** Everybody who can have a mailbox. */
  readonly mailboxes: readonly UserId[];
  /** Application permissions that the features in use need. */
  readonly neededPermissions: readonly string[];
}

export interface LimitWish {
  readonly mechanism: WantedLimit['mechanism'];
  readonly list: WantedLimit['list'];
  readonly includeNested: boolean;
  /** The chosen group, then the groups nested in it. */
  readonly groups: readonly [GroupWithMembers, ...GroupWithMembers[]];
}

export interface PlannedLimit {
  readonly limit: WantedLimit;
  readonly problems: readonly FoundProblem[];
  readonly now: ReachCounts;
  readonly after: ReachCounts;
  readonly gains: readonly UserId[];
  readonly loses: readonly UserId[];
  /** People directly in the group, and those who are only in a nested one. */
  readonly directMembers: number;
  readonly nestedMembers: readonly UserId[];
  /** Mailboxes that shall be reachable, and those that shall not: what proves the limit. */
  readonly inside: readonly UserId[];
  readonly outside: readonly UserId[];
}

/** Judges a limit before anything is changed: the rule, applied to what is known now and to what would be then. */
export function planTheLimit(survey: TenantSurvey, wish: LimitWish): PlannedLimit {
  const [chosen, ...nested] = wish.groups;
  const covered = wish.mechanism === 'role_assignments' && wish.includeNested ? nested.map(({ id }) => id) : [];
  const limit: WantedLimit = {
    mechanism: wish.mechanism,
    list: wish.list,
    groupIds: [chosen.id, ...covered],
    permissions: survey.neededPermissions,
  };
  const configuration = survey.configuration ?? nothingConfigured;
  const { appId, entraGrants, servicePrincipalId } = survey;
  const before = accessConfigurationOf(configuration, {
    appId,
    entraGrants,
    ...(servicePrincipalId ? { servicePrincipalId } : {}),
  });
  const membershipOf = indexMembership({ ...configuration, groups: joined(configuration.groups, wish.groups) });
  const after = configurationWith(limit, before);
  const reach = compareReach(survey.mailboxes, membershipOf, before, after);

  const counted =
    wish.mechanism === 'application_access_policy' ? wish.groups : wish.groups.filter(isIn(limit.groupIds));
  const named = new Set(counted.flatMap(({ memberIds }) => memberIds));
  const isInside = (userId: UserId) => named.has(userId) === (wish.list === 'allow');
  const direct = new Set(chosen.memberIds);
  return {
    ...reach,
    limit,
    problems: problemsOfLimit(limit, {
      group: chosen,
      nestedGroupNames: nested.map(({ displayName }) => displayName),
      includesNested: wish.includeNested,
      before,
      isRead: survey.configuration !== undefined,
      membersKnown: true,
      servicePrincipal: pointerOf(survey),
      named: survey.mailboxes.filter((userId) => named.has(userId)).length,
      mailboxes: survey.mailboxes.length,
    }),
    directMembers: direct.size,
    nestedMembers: [...new Set(nested.flatMap(({ memberIds }) => memberIds))].filter((userId) => !direct.has(userId)),
    inside: survey.mailboxes.filter(isInside),
    outside: survey.mailboxes.filter((userId) => !isInside(userId)),
  };
}

/** Mailboxes on which Exchange itself is asked, those first that a limit gets wrong most easily. */
export function testedMailboxes({
  inside,
  outside,
  nestedMembers,
}: PlannedLimit): Pick<LimitRequest, 'mustReach' | 'mustNotReach'> {
  const nested = new Set(nestedMembers);
  const nestedFirst = (ids: readonly UserId[]) => [
    ...ids.filter((userId) => nested.has(userId)),
    ...ids.filter((userId) => !nested.has(userId)),
  ];
  return { mustReach: nestedFirst(inside).slice(0, 3), mustNotReach: nestedFirst(outside).slice(0, 5) };
}

/** Exchange's pointer to the service principal, against the one that is in the tenant. */
export function pointerOf({
  configuration,
  servicePrincipalId,
}: Pick<TenantSurvey, 'configuration' | 'servicePrincipalId'>): 'present' | 'absent' | 'points_elsewhere' | 'unknown' {
  if (!configuration) return 'unknown';
  if (!configuration.servicePrincipal) return 'absent';
  return configuration.servicePrincipal.objectId === servicePrincipalId ? 'present' : 'points_elsewhere';
}

export const nothingConfigured: ExchangeConfiguration = {
  servicePrincipal: null,
  policies: [],
  assignments: [],
  scopes: [],
  groups: [],
};

/** The directory's word on the chosen groups is newer than the last reading's. */
function joined(read: readonly ExchangeGroup[], chosen: readonly GroupWithMembers[]): ExchangeGroup[] {
  const ids = new Set(chosen.map(({ id }) => id));
  const asExchange = (group: GroupWithMembers): ExchangeGroup => ({
    ...group,
    kind: group.kind === 'security' ? 'other' : group.kind,
    distinguishedName: read.find(({ id }) => id === group.id)?.distinguishedName ?? '',
    membersKnown: true,
  });
  return [...read.filter(({ id }) => !ids.has(id)), ...chosen.map(asExchange)];
}

const isIn = (ids: readonly GroupId[]) => (group: { readonly id: GroupId }) => ids.includes(group.id);
