import type { AccessCounts } from '../../contract/access-counts.ts';
import type { Consent } from '../../contract/consent.ts';
import type { Answer } from '../../contract/endpoint.ts';
import type { CheckComparison, ConnectivityCheck } from '../../contract/mailbox-connectivity.ts';
import type {
  MailboxAccess,
  MailboxScope,
  ScopeChange,
  ScopePreview,
  ScopeProof,
} from '../../contract/mailbox-scope.ts';
import type { Organization } from '../../contract/organizations.ts';
import type { getOverview } from '../../contract/overview.ts';
import type { getSession } from '../../contract/session.ts';
import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import type { UserCommandRun } from '../../contract/user-commands.ts';
import type { User, UserDetails } from '../../contract/users.ts';
import type {
  AppId,
  CheckId,
  CommandRunId,
  GroupId,
  OrganizationId,
  SavedViewId,
  ScopeChangeId,
  ScopeDriftId,
  ScopeProofId,
  TenantId,
  UserId,
} from '../../domain/ids.ts';

/** The `n`-th id of a kind, always the same. */
function id<Id extends string>(kind: string, n: number): Id {
  return `${kind}-0000-4000-8000-${String(n).padStart(12, '0')}` as Id;
}
export const organizationIdOf = (n: number) => id<OrganizationId>('0f9b2c1e', n);
export const checkIdOf = (n: number) => id<CheckId>('3c6f0d52', n);
export const runIdOf = (n: number) => id<CommandRunId>('4e8a1f63', n);
export const savedViewIdOf = (n: number) => id<SavedViewId>('1d7e4b93', n);
export const userIdOf = (n: number) => id<UserId>('87d349ed', n);
const at = '2026-11-23T10:00:00.000Z';

export const configuration: TabConfiguration = {
  clientId: '11111111-0000-4000-8000-000000000001',
  authority: 'https://login.microsoftonline.com/contoso',
  apiScope: 'api://tab.example/access_as_user',
  graphEndpoint: 'https://graph.microsoft.com',
  teamsOrigins: [],
};

export const session: Answer<typeof getSession> = {
  tenant: { tenantId: id<TenantId>('72f988bf', 1) },
  admin: { userId: userIdOf(999), username: 'megan@contoso.example', displayName: 'Megan Bowen', mayConsent: 'yes' },
  application: { clientId: configuration.clientId },
  version: '0.1.0',
};

export function countsOf(some: Partial<AccessCounts> = {}): AccessCounts {
  const none = { exposed: 0, blocked: 0, limited: 0, could_not_tell: 0, waiting: 0, not_checked: 0, working: 0 };
  return { ...none, ...some };
}

export function anOrganization(some: Partial<Organization> = {}): Organization {
  return {
    id: organizationIdOf(1),
    name: 'Head office',
    externalId: 'head-office',
    connectionType: 'graph_app_only',
    isDefault: false,
    syncEnabled: true,
    syncIntervalMinutes: 30,
    capabilities: ['mail', 'calendar'],
    registration: null,
    clientId: configuration.clientId as AppId,
    userCount: 3,
    initializedCount: 0,
    mailboxCounts: { not_initialized: 3, switching: 0, initialized: 0, disabled_due_to_error: 0 },
    accessCounts: countsOf({ not_checked: 3 }),
    consentState: 'not_requested',
    lastCheckAt: null,
    createdAt: at,
    updatedAt: at,
    ...some,
  };
}

export function aUser(n: number, some: Partial<User> = {}): User {
  return {
    id: userIdOf(n),
    displayName: `Person ${n}`,
    userPrincipalName: `person${n}@contoso.example`,
    mail: `person${n}@contoso.example`,
    organizationId: organizationIdOf(1),
    organizationName: 'Head office',
    connectionType: 'graph_app_only',
    mailboxState: 'initialized',
    syncEnabled: true,
    syncSwitches: { user: true, organization: true },
    openIssues: 0,
    access: { status: 'working', reason: 'connected', checkedAt: at },
    lastSyncAt: at,
    createdAt: at,
    updatedAt: at,
    disabledDueTo: null,
    directory: { isLicensed: null, accountEnabled: null, mailboxType: null },
    ...some,
  };
}

export function detailsOf(user: User, some: Partial<UserDetails> = {}): UserDetails {
  return { ...user, capabilities: [], nextSyncAt: null, syncErrors: [], syncSessions: [], ...some };
}

export function aConsent(some: Partial<Consent> = {}): Consent {
  return {
    state: 'not_requested',
    problem: null,
    permissions: [
      { permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'missing' },
      { permission: 'Calendars.Read', capability: 'calendar', state: 'missing' },
    ],
    evidence: null,
    change: null,
    verifiedAt: null,
    grantedBy: null,
    grantedAt: null,
    ...some,
  };
}

export const authorized: Consent = aConsent({
  state: 'authorized',
  permissions: [
    { permission: 'Mail.ReadBasic.All', capability: 'mail', state: 'granted' },
    { permission: 'Calendars.Read', capability: 'calendar', state: 'granted' },
  ],
  evidence: 'token',
  verifiedAt: at,
  grantedBy: { userId: userIdOf(999), displayName: 'Megan Bowen' },
  grantedAt: at,
});

export function aCheck(some: Partial<ConnectivityCheck> = {}): ConnectivityCheck {
  return {
    id: checkIdOf(1),
    organizationId: organizationIdOf(1),
    organizationName: 'Head office',
    scope: 'organization',
    groupName: null,
    retryOf: null,
    state: 'completed',
    pausedBecause: null,
    changesConnection: true,
    total: 3,
    done: 3,
    counts: countsOf({ working: 3 }),
    causes: [],
    switched: 3,
    kept: 0,
    mailboxesPerSecond: null,
    throttledUntil: null,
    rescheduledUntil: null,
    startedBy: { userId: userIdOf(999), displayName: 'Megan Bowen' },
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    ...some,
  };
}

export function aCommandRun(some: Partial<UserCommandRun> = {}): UserCommandRun {
  return {
    id: runIdOf(1),
    command: 'disableSync',
    filter: null,
    target: null,
    state: 'completed',
    total: 3,
    done: 3,
    outcomes: [{ outcome: 'done', count: 3 }],
    isForgotten: false,
    startedBy: { userId: userIdOf(999), displayName: 'Megan Bowen' },
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    ...some,
  };
}

/** Nothing to compare with, unless said otherwise. */
export function aComparison(some: Partial<CheckComparison> = {}): CheckComparison {
  return { earlier: null, newly: [], added: 0, gone: 0, ...some };
}

export function anOverview(some: Partial<Answer<typeof getOverview>> = {}): Answer<typeof getOverview> {
  return {
    counts: countsOf(),
    total: 0,
    causes: [],
    lastCheckAt: null,
    stages: {
      organization: { isDone: false, organizations: 0, users: 0 },
      consent: { isDone: false, organizations: [], verifiedAt: null, grantedBy: null },
      verification: { isDone: false, isRunning: false },
    },
    ...some,
  };
}

export const salesGroup = {
  id: id<GroupId>('0d5f2c7a', 1),
  displayName: 'Sales',
  address: 'sales@contoso.example',
  kind: 'mail_enabled_security',
} as const;
const megan = { userId: userIdOf(999), displayName: 'Megan Bowen' };
const mailRead = { permission: 'Mail.Read', resource: 'graph' } as const;

/** A tenant in which nobody has limited anything yet. */
export function aMailboxScope(some: Partial<MailboxScope> = {}): MailboxScope {
  return {
    gateway: 'off',
    tenantWideGrants: [mailRead],
    enforced: null,
    intent: null,
    reach: { mailboxes: 12_430, reachable: 12_430, unknown: 0 },
    change: null,
    proof: null,
    problems: [],
    drifts: [],
    ...some,
  };
}

export const salesOnly: NonNullable<MailboxScope['intent']> = {
  mechanism: 'role_assignments',
  list: 'allow',
  group: salesGroup,
  includesNested: true,
  mailboxes: 214,
  setAt: at,
  setBy: megan,
};

export const enforcedRoles: NonNullable<MailboxScope['enforced']> = {
  readAt: at,
  source: 'script',
  servicePrincipal: 'present',
  policies: [],
  assignments: [
    {
      name: 'MA Mail.Read 11111111 0d5f2c7a allow',
      role: 'Application Mail.Read',
      scope: 'Mailbox Access allow 0d5f2c7a',
      covers: 'members',
      groupNames: ['Sales'],
    },
  ],
};

/** A limit with its steps up to the named one done, and that one as it says. */
export function aScopeChange(
  active: Exclude<ScopeChange['steps'][number]['step'], 'remove_assignments'> = 'make',
  state: ScopeChange['steps'][number]['state'] = 'due',
  some: Partial<ScopeChange> = {},
): ScopeChange {
  const all = ['make', 'prove_roles', 'wait', 'remove_grants', 'prove_access', 'remove_policies'] as const;
  const index = all.indexOf(active);
  const last = some.kind === 'migrate' ? all.length : all.length - 1;
  return {
    id: id<ScopeChangeId>('7a1c3e5b', 1),
    kind: 'limit',
    mechanism: 'role_assignments',
    list: 'allow',
    group: salesGroup,
    includesNested: true,
    steps: all.slice(0, last).map((step, n) => ({
      step,
      state: n < index ? 'done' : n === index ? state : 'todo',
      at: n < index ? at : null,
    })),
    grantsToRemove: [mailRead],
    expectedBy: null,
    report: [],
    state: 'open',
    createdAt: at,
    createdBy: megan,
    endedAt: null,
    ...some,
  };
}

export function aScopeProof(some: Partial<ScopeProof> = {}): ScopeProof {
  return {
    id: id<ScopeProofId>('8b2d4f6c', 1),
    state: 'completed',
    isSweep: false,
    inside: { total: 40, reachable: 40, closed: 0, couldNotTell: 0, noMailbox: 0 },
    outside: { total: 40, reachable: 0, closed: 40, couldNotTell: 0, noMailbox: 0 },
    verdict: 'holds',
    leaks: [],
    blocked: [],
    startedAt: at,
    finishedAt: at,
    ...some,
  };
}

export const leakingProof: ScopeProof = aScopeProof({
  outside: { total: 40, reachable: 3, closed: 37, couldNotTell: 0, noMailbox: 0 },
  verdict: 'leaks',
  leaks: (['nested_group', 'recently_moved', 'shared'] as const).map((why, n) => ({
    id: userIdOf(n + 1),
    displayName: `Person ${n + 1}`,
    address: `person${n + 1}@contoso.example`,
    reason: 'connected',
    why,
  })),
});

export function aScopePreview(some: Partial<ScopePreview> = {}): ScopePreview {
  const somebody = (n: number) => ({ id: userIdOf(n), displayName: `Person ${n}`, address: null });
  return {
    group: salesGroup,
    directMembers: 202,
    nestedGroups: [{ ...salesGroup, id: id<GroupId>('0d5f2c7a', 2), displayName: 'Sales Europe' }],
    nestedMembers: 12,
    problems: [],
    mayStart: true,
    now: { mailboxes: 12_430, reachable: 12_430, unknown: 0 },
    after: { mailboxes: 12_430, reachable: 214, unknown: 0 },
    gains: { count: 0, examples: [] },
    loses: { count: 12_216, examples: [4, 5, 6].map(somebody) },
    grantsToRemove: [mailRead],
    steps: [
      { kind: 'ensure_service_principal', subject: 'Mailbox Access' },
      { kind: 'ensure_management_scope', subject: 'Mailbox Access allow 0d5f2c7a' },
      { kind: 'ensure_role_assignment', subject: 'Application Mail.Read' },
      { kind: 'test_role_assignments', subject: 'person1@contoso.example' },
    ],
    ...some,
  };
}

export function aDrift(some: Partial<MailboxScope['drifts'][number]> = {}): MailboxScope['drifts'][number] {
  return {
    id: id<ScopeDriftId>('9c3e5a7d', 1),
    what: 'grant_removed',
    subject: 'Calendars.Read',
    capabilities: ['calendar'],
    by: 'Alex Wilber',
    foundAt: at,
    ...some,
  };
}

/** A mailbox that a tenant-wide grant opens, in a tenant whose Exchange was read. */
export function aMailboxAccess(some: Partial<MailboxAccess> = {}): MailboxAccess {
  return {
    intended: 'not_limited',
    status: 'working',
    enforcedReadAt: at,
    steps: [
      { step: 'entra_grant', mark: 'opens', names: ['Mail.Read'] },
      { step: 'policy', mark: 'silent', names: [] },
      { step: 'role_assignment', mark: 'silent', names: [] },
      { step: 'live_call', mark: 'opens', names: [] },
    ],
    capabilities: [
      {
        capability: 'mail',
        predicted: 'reachable',
        because: 'no_policy',
        paths: [{ via: 'entra_grant', name: 'Mail.Read', scope: 'the whole tenant' }],
        reason: 'connected',
      },
    ],
    ...some,
  };
}
