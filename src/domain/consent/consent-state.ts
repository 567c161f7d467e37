import {
  acceptedPermissions,
  type Capability,
  isProbed,
  isServedBy,
  leastPermission,
} from '../mailbox-access/capability.ts';
import { directoryPermissions, groupPermission } from './permission-set.ts';

/** What is known about the application's grants in a tenant. Only verified facts lead here, never a redirect. */
export const consentStates = [
  'not_requested',
  'authorized',
  'authorized_by_exchange',
  'partly_authorized',
  'waiting',
  'not_authorized',
  'unknown',
] as const;
export type ConsentState = (typeof consentStates)[number];

/** Whether every feature has what it needs, whichever authority grants it. */
export function isAuthorized(state: ConsentState): boolean {
  return state === 'authorized' || state === 'authorized_by_exchange';
}

/** Why the application was kept out, or why nothing could be told. */
export const consentProblems = [
  'application_unknown',
  'application_disabled',
  'credential_rejected',
  'credential_expired',
  'registration_not_configured',
  'conditional_access',
  'throttled',
  'entra_unavailable',
  'roles_unreadable',
  'probes_inconclusive',
] as const;
export type ConsentProblem = (typeof consentProblems)[number];

/** `by_exchange`: no app role in Entra, and the feature works; `unknown`: nothing can be tried, or nobody answered. */
export const grantStates = ['granted', 'by_exchange', 'waiting', 'missing', 'unknown', 'excess'] as const;
export type GrantState = (typeof grantStates)[number];

export interface PermissionGrant {
  /** Value of the application permission, such as `Mail.Read`. */
  readonly permission: string;
  /** The capability it serves; absent for one that no capability needs. */
  readonly capability?: Capability;
  readonly state: GrantState;
}

/** What trying a feature on a few mailboxes showed; mailboxes that cannot be opened by anybody count for nothing. */
export type ProbeSummary = 'opened' | 'refused' | 'unclear';

/** What Microsoft said, in the order of its weight. */
export interface ConsentFacts {
  /** Why there was no token; null when there was one. */
  readonly problem: ConsentProblem | null;
  /** App roles assigned to the service principal; absent when the application may not read them. */
  readonly assignments?: readonly string[] | undefined;
  /** The `roles` of a token that was just asked for; absent when it could not be read. */
  readonly roles?: readonly string[] | undefined;
  /** Features without a role in the token, as tried. */
  readonly probes: Partial<Readonly<Record<Capability, ProbeSummary>>>;
}

export interface ConsentContext {
  /** Features of the organization. */
  readonly needed: readonly Capability[];
  /** Features of the tenant's other organizations: they share the application, so their permissions are not excess. */
  readonly usedElsewhere: readonly Capability[];
  /** Whether a rule of the tenant reads who is in a group; otherwise that permission is excess. */
  readonly readsGroups: boolean;
  /**
   * A change of which Microsoft may not show all yet, before its bound: an accepted consent promises every permission,
   * any other change only what the directory lists.
   */
  readonly spreading: 'accepted_consent' | 'other' | undefined;
  /**
   * What an admin says to have granted or removed one by one. Only read while a change is spreading, and it only makes
   * a permission wait: what holds comes from Microsoft.
   */
  readonly announced?: RolesAnnounced | undefined;
}

/** App roles of Microsoft Graph, by value. */
export interface RolesAnnounced {
  readonly granted: readonly string[];
  readonly revoked: readonly string[];
}

export interface ConsentJudgement {
  readonly state: ConsentState;
  readonly problem: ConsentProblem | null;
  readonly permissions: readonly PermissionGrant[];
  /** What the judgement rests on. */
  readonly evidence: 'assignments' | 'token' | 'probes' | null;
}

/**
 * Judges what is granted. Total and pure. Nothing here comes from a redirect: a token without roles is issued for every
 * application that is in the tenant, so it proves that Entra grants nothing, and says nothing of roles in Exchange.
 * @see Microsoft Learn, Grant an appRoleAssignment for a service principal; RBAC for Applications in Exchange Online
 */
export function judgeConsent(facts: ConsentFacts, context: ConsentContext): ConsentJudgement {
  if (facts.problem) return judgeRefusal(facts.problem, context);
  const held = facts.assignments ?? facts.roles;
  if (!held) return { state: 'unknown', problem: 'roles_unreadable', permissions: [], evidence: null };

  const needed = context.needed.map((capability) => judgeCapability(capability, facts, context));
  const openedByExchange = needed.some(({ state }) => state === 'by_exchange');
  const grants = needed.map((grant) =>
    // Where Exchange grants the rest, it may grant this too, and nothing can be tried.
    grant.state === 'missing' && openedByExchange && !isProbed(grant.capability)
      ? { ...grant, state: 'unknown' as const }
      : grant,
  );
  const state = stateOf(grants, facts, context);
  return {
    state,
    problem: state === 'unknown' ? 'probes_inconclusive' : null,
    permissions: [...grants, ...otherGrants(facts, context)],
    evidence: openedByExchange ? 'probes' : facts.assignments ? 'assignments' : 'token',
  };
}

/** What the directory and the token disagree about: a change that is still on its way. */
export function differenceOf(
  facts: ConsentFacts,
  needed: readonly Capability[],
): 'roles_granted' | 'roles_revoked' | undefined {
  const { assignments, roles } = facts;
  if (!assignments || !roles) return undefined;
  const differing = needed.filter((one) => isServedBy(one, assignments) !== isServedBy(one, roles));
  if (differing.length === 0) return undefined;
  return differing.some((one) => isServedBy(one, assignments)) ? 'roles_granted' : 'roles_revoked';
}

type NeededGrant = PermissionGrant & { readonly capability: Capability };

function judgeCapability(capability: Capability, facts: ConsentFacts, context: ConsentContext): NeededGrant {
  const { assignments, roles } = facts;
  const { spreading } = context;
  const inDirectory = assignments ? isServedBy(capability, assignments) : undefined;
  const inToken = roles ? isServedBy(capability, roles) : undefined;
  const permission = servingPermission(capability, heldOf(facts)) ?? leastPermission(capability);
  const grant = (state: GrantState): NeededGrant => ({ permission, capability, state });

  if (inDirectory !== undefined && inToken !== undefined && inDirectory !== inToken) {
    return grant(spreading ? 'waiting' : 'missing');
  }
  const isAnnounced = (kind: keyof RolesAnnounced) => announcedOf(context, kind).includes(permission);
  if (inDirectory ?? inToken) return grant(isAnnounced('revoked') && !inDirectory ? 'waiting' : 'granted');
  if (facts.probes[capability] === 'opened') return grant('by_exchange');
  if (spreading === 'accepted_consent' && inDirectory === undefined) return grant('waiting');
  // Graph has answered the admin's own browser that it is granted; a replica of the directory may not know it yet.
  if (isAnnounced('granted')) return grant('waiting');
  return grant(facts.probes[capability] === 'unclear' ? 'unknown' : 'missing');
}

function stateOf(grants: readonly NeededGrant[], facts: ConsentFacts, context: ConsentContext): ConsentState {
  const { spreading } = context;
  const count = (...states: GrantState[]) => grants.filter(({ state }) => states.includes(state)).length;
  const works = count('granted', 'by_exchange');
  const isUnclear = grants.some(({ capability, state }) => state === 'unknown' && isProbed(capability));

  if (count('waiting') > 0 && count('missing') === 0) {
    // What the directory lists will come. What only a redirect announced may not, and the rest works meanwhile.
    const isListed = spreading === 'other' || facts.assignments !== undefined;
    if (works === 0 || isListed) return 'waiting';
  }
  if (isUnclear) return 'unknown';
  if (count('missing', 'waiting') === 0) return count('granted') === 0 ? 'authorized_by_exchange' : 'authorized';
  return works === 0 ? 'not_authorized' : 'partly_authorized';
}

/** Permissions beside the needed ones: those of the directory, and excess. */
function otherGrants(facts: ConsentFacts, context: ConsentContext): PermissionGrant[] {
  const held = heldOf(facts);
  // One permission serves a feature: whatever is held beside it for the same feature is more than it needs.
  const serving = new Set(
    [...context.needed, ...context.usedElsewhere].map((capability) => servingPermission(capability, held)),
  );
  const others = held.filter((permission) => !serving.has(permission));
  const ofDirectory: readonly string[] = context.readsGroups
    ? [...directoryPermissions, groupPermission]
    : directoryPermissions;
  const isOfDirectory = (permission: string) => ofDirectory.includes(permission);
  const isLeaving = (permission: string) =>
    announcedOf(context, 'revoked').includes(permission) && !facts.assignments?.includes(permission);
  const judge = (permission: string, state: GrantState): PermissionGrant => ({
    permission,
    state: isLeaving(permission) ? 'waiting' : state,
  });
  const isGroupsMissing = context.readsGroups && !held.includes(groupPermission);
  return [
    ...(isGroupsMissing ? [missingOrAnnounced(groupPermission, context)] : []),
    ...others.filter(isOfDirectory).map((permission) => judge(permission, 'granted')),
    ...others.filter((permission) => !isOfDirectory(permission)).map((permission) => judge(permission, 'excess')),
  ];
}

function missingOrAnnounced(permission: string, context: ConsentContext): PermissionGrant {
  return { permission, state: announcedOf(context, 'granted').includes(permission) ? 'waiting' : 'missing' };
}

/** Directory and token together: what either of them still says is held. */
function heldOf({ assignments, roles }: ConsentFacts): readonly string[] {
  return [...new Set([...(assignments ?? []), ...(roles ?? [])])];
}

/** The least privileged permission among the held ones that switches the capability on. */
function servingPermission(capability: Capability, held: readonly string[]): string | undefined {
  return acceptedPermissions[capability].find((permission) => held.includes(permission));
}

function announcedOf({ spreading, announced }: ConsentContext, kind: keyof RolesAnnounced): readonly string[] {
  return spreading && announced ? announced[kind] : [];
}

function judgeRefusal(problem: ConsentProblem, { needed, spreading }: ConsentContext): ConsentJudgement {
  const all = (state: GrantState) =>
    needed.map((capability) => ({ permission: leastPermission(capability), capability, state }));
  if (problem === 'application_unknown') {
    // A consent adds the application to the tenant, and Entra's token service learns of it a little later.
    const state = spreading === 'accepted_consent' ? 'waiting' : 'missing';
    return {
      state: state === 'waiting' ? 'waiting' : 'not_authorized',
      problem,
      permissions: all(state),
      evidence: 'token',
    };
  }
  if (problem === 'application_disabled') {
    return { state: 'not_authorized', problem, permissions: [], evidence: 'token' };
  }
  return { state: 'unknown', problem, permissions: [], evidence: null };
}
