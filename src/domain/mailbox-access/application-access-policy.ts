import type { AppId, GroupId } from '../ids.ts';

/** A policy of Exchange Online that limits what an Entra grant reaches. Legacy; RBAC for Applications replaces it. */
export interface ApplicationAccessPolicy {
  readonly appId: AppId;
  readonly accessRight: 'RestrictAccess' | 'DenyAccess';
  /** A mail-enabled security group; nested groups count. Null when it is not known which one. */
  readonly scopeGroupId: GroupId | null;
}

export type PolicyDecision =
  | { readonly allows: true; readonly because: 'no_policy' | 'no_restrict_policy' | 'inside_restrict_scope' }
  | { readonly allows: false; readonly because: 'inside_deny_scope' | 'outside_restrict_scope' }
  /** It depends on a group whose members are not known. */
  | { readonly allows: 'unknown'; readonly groupIds: readonly (GroupId | null)[] };

/**
 * Decides what an application's policies say of one mailbox. They limit grants of Entra only, never role assignments.
 * @param transitiveGroups all groups that hold the mailbox, nested membership resolved
 * @param unknownGroups groups that may hold the mailbox or not; a scope of null is always one of them
 * @see Microsoft Learn, New-ApplicationAccessPolicy, description of the evaluation order
 */
export function decideByPolicies(
  appId: AppId,
  transitiveGroups: ReadonlySet<GroupId>,
  policies: readonly ApplicationAccessPolicy[],
  unknownGroups: ReadonlySet<GroupId> = new Set(),
): PolicyDecision {
  const ofApp = policies.filter((policy) => policy.appId === appId);
  const holding = ofApp.filter(({ scopeGroupId: id }) => id !== null && transitiveGroups.has(id));
  const perhaps = ofApp.filter(
    ({ scopeGroupId: id }) => id === null || (unknownGroups.has(id) && !transitiveGroups.has(id)),
  );

  // What is not known must not matter: the most and the least favourable of what is possible have to agree.
  const most = decide(ofApp, [...holding, ...perhaps.filter(restricts)]);
  const least = decide(ofApp, [...holding, ...perhaps.filter(denies)]);
  return most.allows === least.allows
    ? decide(ofApp, holding)
    : { allows: 'unknown', groupIds: perhaps.map((policy) => policy.scopeGroupId) };
}

function decide(
  ofApp: readonly ApplicationAccessPolicy[],
  holding: readonly ApplicationAccessPolicy[],
): Exclude<PolicyDecision, { allows: 'unknown' }> {
  // Exchange's order: one deny beats any number of restricts, and one restrict anywhere closes everything outside.
  if (holding.some(denies)) return { allows: false, because: 'inside_deny_scope' };
  if (holding.some(restricts)) return { allows: true, because: 'inside_restrict_scope' };
  if (ofApp.some(restricts)) return { allows: false, because: 'outside_restrict_scope' };
  return { allows: true, because: ofApp.length > 0 ? 'no_restrict_policy' : 'no_policy' };
}

/**
 * Application permissions that policies confine. Microsoft lists these and no others, so a grant of any other Exchange
 * permission reaches every mailbox whatever the policies say.
 * @see Microsoft Learn, Limiting application permissions to specific Exchange Online mailboxes
 */
export const permissionsUnderPolicies: ReadonlySet<string> = new Set([
  'Mail.Read',
  'Mail.ReadBasic',
  'Mail.ReadBasic.All',
  'Mail.ReadWrite',
  'Mail.Send',
  'MailboxSettings.Read',
  'MailboxSettings.ReadWrite',
  'Calendars.Read',
  'Calendars.ReadWrite',
  'Contacts.Read',
  'Contacts.ReadWrite',
  'full_access_as_app',
]);

const denies = (policy: ApplicationAccessPolicy) => policy.accessRight === 'DenyAccess';
const restricts = (policy: ApplicationAccessPolicy) => policy.accessRight === 'RestrictAccess';
