import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { OrganizationId } from '../../src/domain/ids.ts';
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

test('the start page sends the browser to Microsoft’s dialog for the admin’s tenant, with the configured redirect only', async () => {
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

test('a redirect that says success without a grant never leads to Authorized', async () => {
  await using bench = await startBench();
  const { admin, organizationId, state, attemptId } = await begin(bench);

  await park(bench, success(bench, state));
  const redeemed = await redeem(admin, organizationId, attemptId);

  expect(redeemed).toMatchObject({ outcome: 'accepted', consent: { state: 'not_authorized', grantedBy: null } });
});

test('a grant that Entra shows late is seen without another click', async () => {
  await using bench = await startBench({ sandbox: { settings: { grantPropagationSeconds: 3 } } });
  const { admin, organizationId, state, attemptId } = await begin(bench);
  bench.sandbox.tenant.grants.grant(...mailboxPermissions);

  await park(bench, success(bench, state));
  const redeemed = await redeem(admin, organizationId, attemptId);

  expect(redeemed.consent.state).toBe('authorized');
});

test('a partial grant names what is missing, and an unneeded one is excess', async () => {
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

test('the first redirect wins, and a second redemption shows the same outcome without a second audit row', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { admin, organizationId, state, attemptId } = await begin(bench);

  await park(bench, { state, error: 'access_denied', error_description: 'AADSTS65004: …' });
  await park(bench, success(bench, state));
  const first = await redeem(admin, organizationId, attemptId);
  const second = await redeem(admin, organizationId, attemptId);

  expect([first.outcome, second.outcome]).toEqual(['declined', 'declined']);
  const types = await activityTypes(admin);
  expect(types.filter((type) => type === 'consent.redeemed')).toHaveLength(1);
});

test('a forged callback changes nothing and is answered like any other', async () => {
  await using bench = await startBench();
  const { admin, organizationId, attemptId } = await begin(bench);

  const response = await park(bench, success(bench, 'x'.repeat(43)));

  expect(response.status).toBe(204);
  expect(await redeem(admin, organizationId, attemptId)).toMatchObject({ outcome: 'no_answer' });
});

test('callbacks of one address are limited', async () => {
  await using bench = await startBench({ service: { rateLimits: { anonymous: { perSecond: 1, burst: 3 } } } });

  const statuses = [];
  for (let call = 0; call < 5; call++) statuses.push((await park(bench, success(bench, 'y'))).status);

  expect(statuses.slice(0, 3)).toEqual([204, 204, 204]);
  expect(statuses.at(-1)).toBe(429);
});

test('an attempt belongs to the admin who started it', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const { organizationId, state, attemptId } = await begin(bench);
  await park(bench, success(bench, state));

  const colleague = bench.signIn('radia@contoso.example');

  await expect(redeem(colleague, organizationId, attemptId)).rejects.toMatchObject({
    problem: { code: 'consent.attempt_not_found' },
  });
});

test('an attempt lives ten minutes', async () => {
  await using bench = await startBench();
  const { admin, organizationId, state, attemptId } = await begin(bench);

  bench.clock.advance(10 * 60_000 + 1000);
  await park(bench, success(bench, state));

  await expect(redeem(admin, organizationId, attemptId)).rejects.toMatchObject({
    problem: { code: 'consent.attempt_expired' },
  });
  expect((await bench.fetch(`/consent/start?state=${state}`)).status).toBe(404);
});

test('the state is stored as a hash only', async () => {
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
