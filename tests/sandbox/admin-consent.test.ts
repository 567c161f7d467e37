import { expect, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, claimsOf, startBench } from './bench.ts';
import { open, type Step, submit, textOf } from './browser.ts';

const { ada, appAdmin, exchangeAdmin, privilegedRoleAdmin } = namedPeople;

const registered = ['User.Read.All', 'Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read'];

function address(
  bench: Bench,
  endpoint = 'v2.0/adminconsent',
  changes: Record<string, string> = {},
  tenantName?: string,
) {
  const { registration, url, tenant } = bench.sandbox;
  const parameters = new URLSearchParams({
    client_id: registration.clientId,
    redirect_uri: registration.redirectUris.web[0] ?? '',
    state: 'the state',
    ...(endpoint.startsWith('v2.0') && { scope: `${url}/.default` }),
    ...changes,
  });
  return `${url}/${tenantName ?? tenant.id}/${endpoint}?${parameters}`;
}

const pick = async (at: string, userPrincipalName: string) =>
  submit(await open(at), { other: userPrincipalName, decision: 'next' });

const parametersOf = (step: Step) => (step instanceof URL ? Object.fromEntries(step.searchParams) : textOf(step));

test.each(['v2.0/adminconsent', 'adminconsent'])(
  'accepting on %s grants what is registered, into new tokens',
  async (endpoint) => {
    await using bench = await startBench({ applicationInTenant: false });

    const permissions = await pick(address(bench, endpoint), ada.userPrincipalName);
    const back = await submit(permissions, { decision: 'accept' });

    expect(textOf(permissions)).toContain('Permissions requested');
    expect(textOf(permissions)).toContain('Mailbox Access');
    expect(textOf(permissions)).toContain('Read basic mail in all mailboxes');
    expect(parametersOf(back)).toMatchObject({
      admin_consent: 'True',
      tenant: bench.sandbox.tenant.id,
      state: 'the state',
    });
    expect(parametersOf(back)).not.toHaveProperty('error');
    expect(back instanceof URL && back.searchParams.has('scope')).toBe(endpoint.startsWith('v2.0'));
    expect(claimsOf((await bench.token()).body.access_token).roles).toEqual(registered);
  },
);

test('consenting applies the registration: what was granted beside it goes away', async () => {
  await using bench = await startBench();
  bench.sandbox.tenant.grants.grant('Mail.ReadWrite', 'Mail.ReadBasic.All');

  await submit(await pick(address(bench), ada.userPrincipalName), { decision: 'accept' });

  const { roles } = claimsOf((await bench.token()).body.access_token);
  expect(new Set(roles)).toEqual(new Set(registered));
});

test.each<[shape: 'consent_required' | 'access_denied' | 'permission_denied', parameters: object]>([
  [
    'consent_required',
    { admin_consent: 'True', error: 'consent_required', error_description: expect.stringMatching(/^AADSTS65004/) },
  ],
  ['access_denied', { error: 'access_denied', error_description: expect.stringMatching(/^AADSTS65004/) }],
  ['permission_denied', { error: 'permission_denied', error_description: 'The admin canceled the request' }],
])('cancelling leads back in the shape %s, without tenant, and grants nothing', async (shape, parameters) => {
  await using bench = await startBench({ settings: { cancelledConsentError: shape } });

  const back = await submit(await pick(address(bench), ada.userPrincipalName), { decision: 'cancel' });

  expect(parametersOf(back)).toEqual({ ...parameters, state: 'the state' });
  expect(
    bench.sandbox.tenant.grants.rolesInTokens(
      '972a8469-1641-4f82-8b9d-2434e465e150',
      '00000003-0000-0000-c000-000000000000',
    ),
  ).toEqual([]);
});

test.each([appAdmin, exchangeAdmin])(
  '$displayName may not consent to application permissions of Microsoft Graph',
  async (person) => {
    await using bench = await startBench();

    const page = await pick(address(bench), person.userPrincipalName);
    const back = await submit(page, { decision: 'not_admin' });

    expect(textOf(page)).toContain('Need admin approval');
    expect(parametersOf(back)).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringMatching(/^AADSTS90094/),
    });
  },
);

test('a Privileged Role Administrator may consent, and an admin of applications to delegated scopes alone', async () => {
  await using bench = await startBench();
  const delegated = address(bench, 'v2.0/adminconsent', { scope: `${bench.sandbox.url}/User.Read.All` });

  const all = await pick(address(bench), privilegedRoleAdmin.userPrincipalName);
  const some = await pick(delegated, appAdmin.userPrincipalName);
  await submit(some, { decision: 'accept' });

  expect(textOf(all)).toContain('Permissions requested');
  expect(textOf(some)).toContain('Permissions requested');
  expect(claimsOf((await bench.token()).body.access_token)).not.toHaveProperty('roles');
});

test.each<
  [what: string, endpoint: string, changes: Record<string, string>, tenantName: string | undefined, code: string]
>([
  [
    'a redirect URI that is not registered',
    'v2.0/adminconsent',
    { redirect_uri: 'https://evil.example/' },
    undefined,
    'AADSTS50011',
  ],
  ['the second version without scope', 'v2.0/adminconsent', { scope: '' }, undefined, 'AADSTS900144'],
  ['the second version for common', 'v2.0/adminconsent', {}, 'common', 'AADSTS90130'],
  ['an application permission by name', 'v2.0/adminconsent', { scope: 'Mail.ReadBasic.All' }, undefined, 'AADSTS70011'],
  [
    'an unknown application',
    'adminconsent',
    { client_id: 'e27a984d-6548-41d0-bfcd-9eb1a7cad415' },
    undefined,
    'AADSTS700016',
  ],
  ['an unknown tenant', 'adminconsent', {}, 'nowhere.example', 'AADSTS90002'],
])('%s is told on a page, without redirect', async (_what, endpoint, changes, tenantName, code) => {
  await using bench = await startBench();

  const page = await open(address(bench, endpoint, changes, tenantName));

  expect(textOf(page)).toContain(code);
});

test('on the endpoint for every tenant, the tenant is the one of the account', async () => {
  await using bench = await startBench();
  const id = '412b2930-4729-4739-a14f-f3d719db3ad1';
  bench.sandbox.addTenant({ id, displayName: 'Fabrikam', domain: 'fabrikam.example' });

  const permissions = await pick(address(bench, 'v2.0/adminconsent', {}, 'organizations'), 'ada@fabrikam.example');
  const back = await submit(permissions, { decision: 'accept' });

  expect(parametersOf(back)).toMatchObject({ tenant: id });
});

test('an account of another tenant is refused where one tenant was asked for', async () => {
  await using bench = await startBench();
  bench.sandbox.addTenant({
    id: '412b2930-4729-4739-a14f-f3d719db3ad1',
    displayName: 'Fabrikam',
    domain: 'fabrikam.example',
  });

  const page = await pick(address(bench), 'ada@fabrikam.example');

  expect(textOf(page)).toContain('AADSTS50020');
});

test('a deleted application comes back with another object id', async () => {
  await using bench = await startBench();
  const { grants } = bench.sandbox.tenant;
  const before = grants.application?.id;
  grants.deleteApplication();

  await submit(await pick(address(bench), ada.userPrincipalName), { decision: 'accept' });

  expect(grants.application?.id).toBeDefined();
  expect(grants.application?.id).not.toBe(before);
});
