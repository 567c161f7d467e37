import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { OrganizationId } from '../../src/domain/ids.ts';
import type { Capability } from '../../src/domain/mailbox-access/capability.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';

const beta = { id: '8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10', displayName: 'Beta', domain: 'beta.example' };

async function begin(bench: Bench, person = 'ada@contoso.example') {
  const admin = bench.signIn(person);
  const organizationId = await bench.organizationWith(admin, []);
  const started = await admin.call(api.startConsent, { params: { organizationId }, body: { returnTo: 'teams' } });
  const state = new URL(started.startPath, 'https://tab.example').searchParams.get('state') ?? '';
  return { admin, organizationId, state, attemptId: started.attemptId };
}

function park(bench: Bench, body: Record<string, string>) {
  return bench.fetch('/api/consent-callbacks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function success(bench: Bench, state: string) {
  return { state, admin_consent: 'True', tenant: bench.tenantId };
}

async function activityTypes(admin: TestAdmin) {
  const { activities } = await admin.call(api.listActivity);
  return activities.map(({ type }) => type);
}

const redeem = (
  admin: TestAdmin,
  organizationId: OrganizationId,
  attemptId: Awaited<ReturnType<typeof begin>>['attemptId'],
) => admin.call(api.redeemConsent, { params: { organizationId, attemptId }, body: {} });

test('fault 34: the start page sends the browser to Microsoft’s dialog for the admin’s tenant, with the configured redirect only', async () => {
  await using bench = await startBench();
  const { state } = await begin(bench);

  const response = await bench.fetch(`/consent/start?state=${state}&redirect_uri=https://evil.example`);

  expect(response.status).toBe(302);
  const location = new URL(response.headers.get('location') ?? '');
  expect(`${location.origin}${location.pathname}`).toBe(`${bench.sandbox.url}/${bench.tenantId}/v2.0/adminconsent`);
  expect(Object.fromEntries(location.searchParams)).toEqual({
    client_id: bench.sandbox.registration.clientId,
    scope: `${bench.sandbox.origins.graph}/.default`,
    redirect_uri: `${bench.sandbox.registration.tabOrigin}/consent/end`,
    state,
  });
  expect(response.headers.get('cross-origin-opener-policy')).toBeNull();
});

test.each<[what: string, query: Record<string, string>, headers: Record<string, string>]>([
  ['another host', { redirect_uri: 'https://evil.example/consent/end' }, {}],
  ['our host as a prefix', { redirect_uri: 'https://localhost:4400.evil.example/consent/end' }, {}],
  ['our host as a user name', { redirect_uri: 'https://localhost:4400@evil.example/consent/end' }, {}],
  ['an encoded slash', { redirect_uri: 'https://localhost:4400%2f@evil.example/' }, {}],
  ['http', { redirect_uri: 'http://localhost:4400/consent/end' }, {}],
  ['a trailing dot', { redirect_uri: 'https://localhost.:4400/consent/end' }, {}],
  ['another tenant', { tenant: beta.id, authority: 'https://evil.example' }, {}],
  ['another Host', {}, { host: 'evil.example' }],
  [
    'a forwarded host',
    {},
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example' },
  ],
])('fault 34: nothing in the request moves the redirect: %s', async (_what, query, headers) => {
  await using bench = await startBench();
  const { state } = await begin(bench);

  const response = await bench.fetch(`/consent/start?${new URLSearchParams({ state, ...query })}`, { headers });

  const location = new URL(response.headers.get('location') ?? '');
  expect(`${location.origin}${location.pathname}`).toBe(`${bench.sandbox.url}/${bench.tenantId}/v2.0/adminconsent`);
  expect(location.searchParams.getAll('redirect_uri')).toEqual([`${bench.sandbox.registration.tabOrigin}/consent/end`]);
  expect(location.href).not.toContain('evil');
});

test('an accepted consent counts after the tab redeems it and the grants are verified', async () => {
  await using bench = await startBench();
  const { admin, organizationId, state, attemptId } = await begin(bench);
  bench.sandbox.tenant.grants.grant(...mailboxPermissions);

  expect((await park(bench, success(bench, state))).status).toBe(204);
  const before = await admin.call(api.getConsent, { params: { organizationId } });
  const redeemed = await redeem(admin, organizationId, attemptId);

  expect(before.state).toBe('not_requested');
  expect(redeemed).toMatchObject({
    outcome: 'accepted',
    entraCode: null,
    consent: { state: 'authorized', problem: null, grantedBy: { userId: admin.userId } },
  });
  expect(redeemed.consent.permissions).toContainEqual({
    permission: 'Mail.ReadBasic.All',
    capability: 'mail',
    state: 'granted',
  });
  expect(await activityTypes(admin)).toEqual([
    'consent.verified',
    'consent.redeemed',
    'consent.started',
    'organization.created',
    'organization.created',
  ]);
});

test('fault 37: a redirect that says success without a grant never leads to Authorized: waiting, then not authorized', async () => {
  await using bench = await startBench();
  const { admin, organizationId, state, attemptId } = await begin(bench);

  await park(bench, success(bench, state));
  const redeemed = await redeem(admin, organizationId, attemptId);
  await bench.queue.drain();
  const later = await admin.call(api.getConsent, { params: { organizationId } });

  expect(redeemed).toMatchObject({
    outcome: 'accepted',
    consent: { state: 'waiting', grantedBy: null, change: { kind: 'consent_accepted', endedAt: null } },
  });
  expect(later).toMatchObject({ state: 'not_authorized', grantedBy: null, change: { outcome: 'not_effective' } });
  expect(Date.parse(later.change?.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(later.change?.expectedBy ?? ''));
});

test('a grant that Entra shows late is seen without another click', async () => {
  await using bench = await startBench({ sandbox: { settings: { grantPropagationSeconds: 3 } } });
  const { admin, organizationId, state, attemptId } = await begin(bench);
  bench.sandbox.tenant.grants.grant(...mailboxPermissions);

  await park(bench, success(bench, state));
  const redeemed = await redeem(admin, organizationId, attemptId);

  expect(redeemed.consent.state).toBe('authorized');
});

test('fault 38: a partial grant names what is missing, and an unneeded one is excess', async () => {
  await using bench = await startBench({ granted: ['Mail.Read', 'Contacts.Read', 'Mail.Send'] });
  const { admin, organizationId } = await begin(bench);

  const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

  expect(consent.state).toBe('partly_authorized');
  expect(consent.permissions).toEqual([
    { permission: 'Mail.Read', capability: 'mail', state: 'granted' },
    { permission: 'Calendars.Read', capability: 'calendar', state: 'missing' },
    { permission: 'Contacts.Read', capability: 'contacts', state: 'granted' },
    { permission: 'Mail.Send', capability: null, state: 'excess' },
  ]);
});

describe('what the redirect can say', () => {
  const cases = [
    [
      'Cancel, documented shape',
      { admin_consent: 'True', error: 'consent_required', error_description: 'AADSTS65004: User declined' },
      'declined',
      'AADSTS65004',
    ],
    ['Cancel, other shape', { error: 'access_denied', error_description: 'AADSTS65004: …' }, 'declined', 'AADSTS65004'],
    [
      'Cancel on the legacy endpoint',
      { error: 'permission_denied', error_description: 'The admin canceled the request' },
      'declined',
      null,
    ],
    [
      'not an admin',
      { error: 'access_denied', error_description: 'AADSTS90094: admin needed' },
      'not_an_admin',
      'AADSTS90094',
    ],
    [
      'account of another tenant',
      { error: 'access_denied', error_description: 'AADSTS50020: …' },
      'wrong_tenant',
      'AADSTS50020',
    ],
    [
      'a service that is not subscribed',
      { error: 'access_denied', error_description: 'AADSTS650052: …' },
      'misconfigured',
      'AADSTS650052',
    ],
    [
      'an error nobody knows',
      { error: 'server_error', error_description: 'AADSTS99999: <img onerror=alert(1)>' },
      'failed',
      'AADSTS99999',
    ],
    ['another tenant accepted', { admin_consent: 'True', tenant: beta.id }, 'wrong_tenant', null],
    ['no tenant', { admin_consent: 'True' }, 'failed', null],
    ['neither', {}, 'failed', null],
  ] as const;

  test.each(cases)('%s: %j', async (_name, redirect, outcome, entraCode) => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, organizationId, state, attemptId } = await begin(bench);

    await park(bench, { state, ...redirect });
    const redeemed = await redeem(admin, organizationId, attemptId);

    expect(redeemed).toMatchObject({ outcome, entraCode });
    expect(redeemed.consent.grantedBy).toBeNull();
  });
});

test('fault 30: the first redirect wins, and a second redemption shows the same outcome without a second audit row', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin, organizationId, state, attemptId } = await begin(bench);

  await park(bench, { state, error: 'access_denied', error_description: 'AADSTS65004: …' });
  await park(bench, success(bench, state));
  const first = await redeem(admin, organizationId, attemptId);
  const second = await redeem(admin, organizationId, attemptId);

  expect([first.outcome, second.outcome]).toEqual(['declined', 'declined']);
  const types = await activityTypes(admin);
  expect(types.filter((type) => type === 'consent.redeemed')).toHaveLength(1);
  const { activities } = await admin.call(api.listActivity);
  expect(activities.filter(({ type }) => type === 'consent.callback_rejected')).toMatchObject([
    { by: null, details: { why: 'used' } },
  ]);
  expect((await bench.fetch(`/consent/start?state=${state}`)).status).toBe(404);
});

test('fault 29: a forged callback changes nothing and is answered like any other', async () => {
  await using bench = await startBench();
  const { admin, organizationId, attemptId } = await begin(bench);

  const response = await park(bench, success(bench, 'x'.repeat(43)));

  expect(response.status).toBe(204);
  expect(await response.text()).toBe('');
  expect(await redeem(admin, organizationId, attemptId)).toMatchObject({ outcome: 'no_answer' });
  expect(await admin.call(api.getConsent, { params: { organizationId } })).toMatchObject({
    grantedBy: null,
    change: null,
  });
  const rejected = bench.log.filter((line) => line.includes('consent callback rejected'));
  expect(rejected).toHaveLength(1);
  expect(rejected.join()).toContain('unknown');
  expect(bench.log.join()).not.toContain('xxxx');
});

test('fault 29: a victim’s tenant typed by hand, with no state of ours: nothing is stored', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin, organizationId } = await begin(bench);

  for (const state of ['', 'guess', "' or 1=1 --"]) {
    expect((await park(bench, { state, admin_consent: 'True', tenant: bench.tenantId })).status).toBe(204);
  }

  expect((await admin.call(api.getConsent, { params: { organizationId } })).state).toBe('not_requested');
  const rows = await bench.service.database.db.selectFrom('consent_attempts').select('callback').execute();
  expect(rows).toEqual([{ callback: null }]);
});

describe('fault 36: script in error_description', () => {
  const script = '<img src=x onerror=alert(1)>';

  test('is neither stored, logged, recorded nor answered: only the code is read from it', async () => {
    await using bench = await startBench();
    const { admin, organizationId, state, attemptId } = await begin(bench);

    await park(bench, { state, error: script, error_description: `AADSTS65004: ${script}` });
    const redeemed = await redeem(admin, organizationId, attemptId);

    expect(redeemed).toMatchObject({ outcome: 'declined', entraCode: 'AADSTS65004' });
    expect(JSON.stringify(redeemed)).not.toContain('onerror');
    expect(bench.log.join()).not.toContain('onerror');
    const { activities } = await admin.call(api.listActivity);
    expect(JSON.stringify(activities)).not.toContain('onerror');
  });

  test('of a megabyte is refused before it is read, and the attempt stays open', async () => {
    await using bench = await startBench();
    const { admin, organizationId, state, attemptId } = await begin(bench);

    const long = await park(bench, { state, error: 'access_denied', error_description: script.repeat(200) });
    const huge = await park(bench, { state, error: 'access_denied', error_description: script.repeat(40_000) });

    expect([long.status, huge.status]).toEqual([400, 413]);
    expect(await long.text()).not.toContain('onerror');
    expect(bench.log.join()).not.toContain('onerror');
    expect(await redeem(admin, organizationId, attemptId)).toMatchObject({ outcome: 'no_answer' });
  });
});

test('callbacks of one address are limited', async () => {
  await using bench = await startBench({ service: { rateLimits: { anonymous: { perSecond: 1, burst: 3 } } } });

  const statuses = [];
  for (let call = 0; call < 5; call++) statuses.push((await park(bench, success(bench, 'y'))).status);

  expect(statuses.slice(0, 3)).toEqual([204, 204, 204]);
  expect(statuses.at(-1)).toBe(429);
});

test('fault 31: an attempt belongs to the admin who started it', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { organizationId, state, attemptId } = await begin(bench);
  await park(bench, success(bench, state));

  const colleague = bench.signIn('radia@contoso.example');

  await expect(redeem(colleague, organizationId, attemptId)).rejects.toMatchObject({
    problem: { code: 'consent.attempt_not_found' },
  });
  const admin = bench.signIn('ada@contoso.example');
  expect((await admin.call(api.getConsent, { params: { organizationId } })).state).toBe('not_requested');
});

test('fault 31: an admin of another tenant whose browser opens the callback gains nothing and changes nothing', async () => {
  await using bench = await startBench({ granted: mailboxPermissions, tenants: [beta] });
  const { admin, organizationId, state, attemptId } = await begin(bench);
  await park(bench, success(bench, state));

  const stranger = bench.signIn('ada@beta.example');
  await expect(redeem(stranger, organizationId, attemptId)).rejects.toMatchObject({
    problem: { code: 'organization.not_found' },
  });

  expect((await admin.call(api.getConsent, { params: { organizationId } })).state).toBe('not_requested');
  expect(await redeem(admin, organizationId, attemptId)).toMatchObject({ outcome: 'accepted' });
});

test('fault 33: a state is 256 random bits, and an attempt belongs to its organization', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const first = await begin(bench);
  const second = await begin(bench);
  await park(bench, success(bench, first.state));

  expect(first.state).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(first.state).not.toBe(second.state);
  await expect(redeem(first.admin, second.organizationId, first.attemptId)).rejects.toMatchObject({
    problem: { code: 'consent.attempt_not_found' },
  });
});

test('fault 33: an attempt lives ten minutes', async () => {
  await using bench = await startBench();
  const { admin, organizationId, state, attemptId } = await begin(bench);

  bench.clock.advance(10 * 60_000 + 1000);
  await park(bench, success(bench, state));

  await expect(redeem(admin, organizationId, attemptId)).rejects.toMatchObject({
    problem: { code: 'consent.attempt_expired' },
  });
  const startPage = await bench.fetch(`/consent/start?state=${state}`);
  expect(startPage.status).toBe(404);
  expect(await startPage.text()).toContain('start again');
  const { activities } = await admin.call(api.listActivity);
  expect(activities[0]).toMatchObject({ type: 'consent.callback_rejected', details: { why: 'expired' } });
});

test('fault 33: the state is stored as a hash only', async () => {
  await using bench = await startBench();
  const { state } = await begin(bench);

  const rows = await bench.service.database.db.selectFrom('consent_attempts').selectAll().execute();

  expect(JSON.stringify(rows)).not.toContain(state);
  expect(bench.log.join()).not.toContain(state);
});

describe('an application that Entra refuses', () => {
  test('is unknown before the first consent', async () => {
    await using bench = await startBench();
    const { admin, organizationId } = await begin(bench);
    bench.sandbox.tenant.grants.deleteApplication();

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

    expect(consent).toMatchObject({ state: 'not_authorized', problem: 'application_unknown' });
  });

  test('is unknown state when the secret is wrong', async () => {
    await using bench = await startBench({ environment: { CLIENT_SECRET: 'not the secret' } });
    const { admin, organizationId } = await begin(bench);

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

    expect(consent).toMatchObject({ state: 'unknown', problem: 'credential_rejected', permissions: [] });
  });

  test.each([
    [
      '429',
      {
        status: 429,
        headers: { 'retry-after': '30' },
        body: { error: 'temporarily_unavailable', error_codes: [90055] },
      },
      'throttled',
    ],
    ['500', { status: 500, html: '<h1>down</h1>' }, 'entra_unavailable'],
    ['a reset', { body: { value: [] }, truncate: true }, 'entra_unavailable'],
    [
      'an expired secret',
      { status: 401, body: { error: 'invalid_client', error_codes: [7000222] } },
      'credential_expired',
    ],
    [
      'Conditional Access',
      { status: 400, body: { error: 'access_denied', error_codes: [53003] } },
      'conditional_access',
    ],
    [
      'a disabled application',
      { status: 400, body: { error: 'unauthorized_client', error_codes: [7000112] } },
      'application_disabled',
    ],
  ] as const)('says why: %s', async (_name, answer, problem) => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const { admin, organizationId } = await begin(bench);
    bench.sandbox.faults.add({ match: { path: /\/oauth2\/v2\.0\/token$/ }, answer: { ...answer } });

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

    expect(consent.problem).toBe(problem);
    expect(consent.state).toBe(problem === 'application_disabled' ? 'not_authorized' : 'unknown');
  });
});

test('twenty verifications at once ask Entra for one token', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { settings: { entraLatencyMs: 200 } },
  });
  const { admin, organizationId } = await begin(bench);
  bench.sandbox.requests.clear();

  const all = Array.from({ length: 20 }, () => admin.call(api.verifyConsent, { params: { organizationId }, body: {} }));
  const states = (await Promise.all(all)).map(({ state }) => state);

  expect(new Set(states)).toEqual(new Set(['authorized']));
  expect(bench.sandbox.requests.to(/\/oauth2\/v2\.0\/token$/).length).toBeLessThanOrEqual(2);
});

describe('the clock of a change', () => {
  test('a consent that spreads slowly is looked at again by itself, and the time it took is measured', async () => {
    await using bench = await startBench({ sandbox: { settings: { grantPropagationSeconds: 400 } } });
    const { admin, organizationId, state, attemptId } = await begin(bench);
    bench.sandbox.tenant.grants.grant(...mailboxPermissions);
    await park(bench, success(bench, state));

    const redeemed = await redeem(admin, organizationId, attemptId);
    await bench.queue.drain();
    const later = await admin.call(api.getConsent, { params: { organizationId } });

    expect(redeemed.consent.state).toBe('waiting');
    expect(later).toMatchObject({ state: 'authorized', change: { outcome: 'converged' } });
    const { changedAt = '', endedAt } = later.change ?? {};
    const seconds = (Date.parse(endedAt ?? '') - Date.parse(changedAt)) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(400);
    expect(seconds).toBeLessThanOrEqual(520);
    const { activities } = await admin.call(api.listActivity);
    expect(activities[0]).toMatchObject({
      type: 'consent.verified',
      by: null,
      details: { state: 'authorized', convergedAfterSeconds: Math.round(seconds) },
    });
  });

  test('looks become rare: one token and no more than one batch each', async () => {
    await using bench = await startBench();
    const { admin, organizationId, state, attemptId } = await begin(bench);
    await park(bench, success(bench, state));
    await redeem(admin, organizationId, attemptId);
    bench.sandbox.requests.clear();

    await bench.queue.drain();

    expect(bench.sandbox.requests.to(/\/oauth2\/v2\.0\/token$/).length).toBeLessThanOrEqual(7);
  });
});

describe('the order of evidence', () => {
  const reading = [...mailboxPermissions, 'Application.Read.All'];

  test('the directory’s list is read when the token may, and names excess of any resource', async () => {
    await using bench = await startBench({ granted: reading });
    const { admin, organizationId } = await begin(bench);
    bench.sandbox.tenant.grants.grantFor('00000002-0000-0ff1-ce00-000000000000', 'full_access_as_app');

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

    expect(consent).toMatchObject({ state: 'authorized', evidence: 'assignments' });
    expect(consent.permissions).toContainEqual({ permission: 'full_access_as_app', capability: null, state: 'excess' });
  });

  test('a role that the directory lists and the token does not show yet is waited for', async () => {
    await using bench = await startBench({ granted: ['Mail.Read', 'Contacts.Read', 'Application.Read.All'] });
    const { admin, organizationId } = await begin(bench);
    bench.sandbox.settings.grantPropagationSeconds = 100;
    bench.sandbox.tenant.grants.grant('Calendars.Read');

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    await bench.queue.drain();
    const later = await admin.call(api.getConsent, { params: { organizationId } });

    expect(consent).toMatchObject({ state: 'waiting', change: { kind: 'roles_granted', endedAt: null } });
    expect(later).toMatchObject({ state: 'authorized', change: { outcome: 'converged' } });
  });

  test('a role that was revoked and still shows in the token is waited for, and then missing', async () => {
    await using bench = await startBench({
      granted: ['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'Application.Read.All'],
    });
    const { admin, organizationId } = await begin(bench);
    bench.sandbox.settings.grantPropagationSeconds = 100;
    bench.sandbox.tenant.grants.revokeRoles('Calendars.Read');

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    await bench.queue.drain();
    const later = await admin.call(api.getConsent, { params: { organizationId } });

    expect(consent).toMatchObject({ state: 'waiting', change: { kind: 'roles_revoked', endedAt: null } });
    expect(later).toMatchObject({ state: 'partly_authorized', change: { outcome: 'converged' } });
  });

  test('roles in Exchange alone: the token has none, and the mailboxes that were tried open', async () => {
    await using bench = await startBench({ sandbox: { settings: { exchangePropagationSeconds: 0 } } });
    const admin = bench.signIn('ada@contoso.example');
    const grace = bench.sandbox.tenant.person(namedPeople.grace.id);
    const organizationId = await bench.organizationWith(admin, [grace]);
    const capabilities: Capability[] = ['mail', 'send', 'calendar'];
    await admin.call(api.updateOrganization, { params: { organizationId }, body: { capabilities } });
    const { exchange, grants } = bench.sandbox.tenant;
    const { id: objectId } = grants.addApplication();
    for (const role of ['Application Mail.Read', 'Application Calendars.Read']) {
      exchange.addAssignment({ name: role, objectId, role, scope: { kind: 'organization' } });
    }

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

    expect(consent).toMatchObject({ state: 'authorized_by_exchange', evidence: 'probes' });
    expect(consent.permissions.map(({ capability, state }) => `${capability} ${state}`)).toEqual([
      'mail by_exchange',
      'send unknown',
      'calendar by_exchange',
    ]);
  });

  test('probes that nobody answered leave it unknown, never not authorized', async () => {
    await using bench = await startBench({ granted: ['User.Read.All'] });
    const admin = bench.signIn('ada@contoso.example');
    const grace = bench.sandbox.tenant.person(namedPeople.grace.id);
    const organizationId = await bench.organizationWith(admin, [grace]);
    bench.sandbox.faults.add({ match: { path: /users\/47378190/ }, answer: { status: 503, body: {} } });

    const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

    expect(consent).toMatchObject({ state: 'unknown', problem: 'probes_inconclusive' });
  });
});

test('fault 32: a consent that came back from another directory is refused, and nothing is stored for that one', async () => {
  await using bench = await startBench({ granted: mailboxPermissions, tenants: [beta] });
  const { admin, organizationId, state, attemptId } = await begin(bench);

  await park(bench, { state, admin_consent: 'True', tenant: beta.id });
  const redeemed = await redeem(admin, organizationId, attemptId);

  expect(redeemed).toMatchObject({ outcome: 'wrong_tenant', consent: { grantedBy: null, change: null } });
  const { db } = bench.service.database;
  for (const table of ['organizations', 'consents', 'consent_changes', 'activities'] as const) {
    const rows = await db.selectFrom(table).select('tenant_id').execute();
    expect(rows.filter(({ tenant_id: tenantId }) => tenantId === beta.id)).toEqual([]);
  }
});

test('fault 39: a tier-0 role that nobody asked for is excess, red and named, and the rest goes on', async () => {
  await using bench = await startBench({ granted: [...mailboxPermissions, 'AppRoleAssignment.ReadWrite.All'] });
  const { admin, organizationId } = await begin(bench);

  const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

  expect(consent.state).toBe('authorized');
  expect(consent.permissions).toContainEqual({
    permission: 'AppRoleAssignment.ReadWrite.All',
    capability: null,
    state: 'excess',
  });
});

test('switching a feature on or off judges the stored consent anew, without a call', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin, organizationId } = await begin(bench);
  const params = { organizationId };
  await admin.call(api.verifyConsent, { params, body: {} });
  bench.sandbox.requests.clear();

  await admin.call(api.updateOrganization, { params, body: { capabilities: ['mail', 'send'] } });
  const withSend = await admin.call(api.getConsent, { params });
  await admin.call(api.updateOrganization, { params, body: { capabilities: ['mail'] } });
  const without = await admin.call(api.getConsent, { params });

  expect(withSend.state).toBe('partly_authorized');
  expect(without.state).toBe('authorized');
  expect(bench.sandbox.requests.all).toEqual([]);
});

describe('single permissions that the admin changed in the browser', () => {
  const announce = (admin: TestAdmin, organizationId: OrganizationId, granted: string[], revoked: string[]) =>
    admin.call(api.verifyConsent, { params: { organizationId }, body: { changed: { granted, revoked } } });

  test('what was said is recorded, and proves nothing: it waits, and is missing after the bound', async () => {
    await using bench = await startBench({ granted: ['Mail.Read', 'Contacts.Read'] });
    const { admin, organizationId } = await begin(bench);

    const said = await announce(admin, organizationId, ['Calendars.Read'], []);
    await bench.queue.drain();
    const later = await admin.call(api.getConsent, { params: { organizationId } });

    expect(said).toMatchObject({ state: 'waiting', change: { kind: 'roles_granted', endedAt: null } });
    expect(later).toMatchObject({ state: 'partly_authorized', change: { outcome: 'not_effective' } });
    const { activities } = await admin.call(api.listActivity);
    expect(activities.filter(({ type }) => type === 'consent.roles_changed')).toMatchObject([
      { by: 'Ada Lovelace', details: { granted: 'Calendars.Read', revoked: '' } },
    ]);
  });

  test('a grant that spreads slowly ends in Authorized without a click', async () => {
    await using bench = await startBench({ granted: ['Mail.Read', 'Contacts.Read'] });
    const { admin, organizationId } = await begin(bench);
    bench.sandbox.settings.grantPropagationSeconds = 200;
    bench.sandbox.tenant.grants.grant('Calendars.Read');

    const said = await announce(admin, organizationId, ['Calendars.Read'], []);
    await bench.queue.drain();
    const later = await admin.call(api.getConsent, { params: { organizationId } });

    expect(said.permissions).toContainEqual({ permission: 'Calendars.Read', capability: 'calendar', state: 'waiting' });
    expect(later).toMatchObject({ state: 'authorized', change: { outcome: 'converged' } });
  });

  test('excess that was removed is not red while the token still shows it, and two changes are one', async () => {
    await using bench = await startBench({ granted: [...mailboxPermissions, 'Mail.Send', 'Mail.ReadWrite'] });
    const { admin, organizationId } = await begin(bench);
    bench.sandbox.settings.grantPropagationSeconds = 200;
    bench.sandbox.tenant.grants.revokeRoles('Mail.Send', 'Mail.ReadWrite');

    await announce(admin, organizationId, [], ['Mail.Send']);
    const said = await announce(admin, organizationId, [], ['Mail.ReadWrite']);
    await bench.queue.drain();
    const later = await admin.call(api.getConsent, { params: { organizationId } });

    const excess = (permissions: typeof said.permissions) => permissions.filter(({ capability }) => !capability);
    expect(said.state).toBe('authorized');
    expect(
      excess(said.permissions)
        .map(({ permission, state }) => `${permission} ${state}`)
        .sort(),
    ).toEqual(['Mail.ReadWrite waiting', 'Mail.Send waiting', 'MailboxSettings.Read excess']);
    expect(excess(later.permissions).map(({ permission }) => permission)).toEqual(['MailboxSettings.Read']);
  });

  test('names that are no names are refused', async () => {
    await using bench = await startBench();
    const { admin, organizationId } = await begin(bench);
    await expect(announce(admin, organizationId, ['<script>'], [])).rejects.toMatchObject({ status: 400 });
  });
});

test('a look at a change survives the process: it is a job that starts when it is due', async () => {
  await using bench = await startBench();
  const { admin, organizationId, state, attemptId } = await begin(bench);
  await park(bench, success(bench, state));
  await redeem(admin, organizationId, attemptId);

  const jobs = await bench.service.database.db
    .selectFrom('pgboss.job' as never)
    .select([sql<string>`state`.as('state'), sql<boolean>`start_after > now()`.as('isLater')])
    .where(sql`name`, '=', 'consent.verify-again')
    .execute();

  expect(jobs).toEqual([{ state: 'created', isLater: true }]);
  await bench.queue.drain();
});

test('a role of Exchange’s own API is not taken for Graph’s of the same name', async () => {
  await using bench = await startBench({ granted: ['Calendars.Read', 'Contacts.Read', 'Application.Read.All'] });
  const { admin, organizationId } = await begin(bench);
  const list = /appRoleAssignments/;
  const id = '00000000-0000-4000-8000-0000000000ee';
  const resourceId = bench.sandbox.tenant.grants.servicePrincipals.get('00000002-0000-0ff1-ce00-000000000000')?.id;
  const value = [{ id: 'x', appRoleId: id, resourceId }];
  bench.sandbox.faults.add({ match: { path: list }, answer: { status: 200, body: { value } } });
  bench.sandbox.faults.add({
    match: { path: new RegExp(`servicePrincipals/${resourceId}$`) },
    answer: { status: 200, body: { id: resourceId, appRoles: [{ id, value: 'Mail.Read' }] } },
  });

  const consent = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });

  expect(consent.permissions).toContainEqual({
    permission: 'Mail.ReadBasic.All',
    capability: 'mail',
    state: 'missing',
  });
  expect(consent.permissions).toContainEqual({ permission: id, capability: null, state: 'excess' });
});
