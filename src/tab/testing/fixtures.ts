import type { AccessCounts } from '../../contract/access-counts.ts';
import type { Consent } from '../../contract/consent.ts';
import type { Answer } from '../../contract/endpoint.ts';
import type { ConnectivityCheck } from '../../contract/mailbox-connectivity.ts';
import type { Organization } from '../../contract/organizations.ts';
import type { getOverview } from '../../contract/overview.ts';
import type { getSession } from '../../contract/session.ts';
import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import type { User, UserDetails } from '../../contract/users.ts';
import type { CheckId, OrganizationId, TenantId, UserId } from '../../domain/ids.ts';

/** The `n`-th id of a kind, always the same. */
function id<Id extends string>(kind: string, n: number): Id {
  return `${kind}-0000-4000-8000-${String(n).padStart(12, '0')}` as Id;
}
export const organizationIdOf = (n: number) => id<OrganizationId>('0f9b2c1e', n);
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
    userCount: 3,
    initializedCount: 0,
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
    id: id<CheckId>('3c6f0d52', 1),
    organizationId: organizationIdOf(1),
    state: 'completed',
    changesConnection: true,
    total: 3,
    done: 3,
    counts: countsOf({ working: 3 }),
    causes: [],
    switched: 3,
    mailboxesPerSecond: null,
    throttledUntil: null,
    startedBy: { userId: userIdOf(999), displayName: 'Megan Bowen' },
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    ...some,
  };
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
