import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, startBench } from './bench.ts';
import { open, signInAt, submit, textOf } from './browser.ts';

const { ada, disabled, member } = namedPeople;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => {
  const { tenant, registration } = bench.sandbox;
  tenant.grants.revokeScopes();
  tenant.grants.grantScopes(registration.clientId, registration.clientId, ['access_as_user'], null);
});

function address(changes: Record<string, string | undefined> = {}, tenantName = bench.sandbox.tenant.id): string {
  const { registration, url } = bench.sandbox;
  const parameters = {
    client_id: registration.clientId,
    response_type: 'code',
    redirect_uri: registration.redirectUris.web[0],
    scope: `openid ${registration.appIdUri}/access_as_user`,
    state: 'the state',
    ...changes,
  };
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${url}/${tenantName}/oauth2/v2.0/authorize?${new URLSearchParams(given)}`;
}

test('the account page has a labelled choice of accounts and a policy that lets nothing else in', async () => {
  const page = await open(address());

  expect(textOf(page)).toContain('Pick an account');
  if (page instanceof URL) throw new Error('There should be a page.');
  expect(page.html).toContain('<html lang="en">');
  expect(page.html.match(/<label class="account">\s*<input type="radio"/g)?.length).toBeGreaterThan(5);
  expect(page.html).toMatch(/<legend>Accounts<\/legend>/);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

test('pressing Enter goes on and does not cancel: the first button of the form is Next', async () => {
  const page = await open(address());

  expect(page instanceof URL ? '' : page.html.match(/<button[^>]*>(\w+)/)?.[1]).toBe('Next');
});

test.each<[what: string, changes: Record<string, string | undefined>, tenantName: string | undefined, code: string]>([
  ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example/' }, undefined, 'AADSTS50011'],
  [
    'a redirect URI that only begins alike',
    { redirect_uri: 'https://localhost:4400/consent/end/' },
    undefined,
    'AADSTS50011',
  ],
  ['an unknown application', { client_id: 'e27a984d-6548-41d0-bfcd-9eb1a7cad415' }, undefined, 'AADSTS700016'],
  ['an unknown tenant', {}, 'nowhere.example', 'AADSTS90002'],
])('%s is told on a page, without redirect', async (_what, changes, tenantName, code) => {
  const page = await open(address(changes, tenantName));

  expect(textOf(page)).toContain(code);
});

test.each<[what: string, changes: Record<string, string | undefined>, error: string]>([
  ['no scope', { scope: undefined }, 'invalid_request'],
  ['an unknown scope', { scope: 'Mail.Everything' }, 'invalid_scope'],
  ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ['a proof key that is not hashed', { code_challenge: 'x', code_challenge_method: 'plain' }, 'invalid_request'],
  ['a silent sign-in without session', { prompt: 'none' }, 'login_required'],
])('%s is told to the application', async (_what, changes, error) => {
  const back = await open(address(changes));

  expect(back).toBeInstanceOf(URL);
  expect((back as URL).searchParams.get('error')).toBe(error);
  expect((back as URL).searchParams.get('state')).toBe('the state');
});

test('a single-page application needs a proof key', async () => {
  const [redirectUri] = bench.sandbox.registration.redirectUris.spa;

  const back = await open(address({ redirect_uri: redirectUri }));

  expect((back as URL).searchParams.get('error_description')).toContain('AADSTS9002325');
});

test('who has picked an account is signed in silently next time, and logging out ends that', async () => {
  const first = await submit(await open(address({ prompt: 'consent' })), {
    other: ada.userPrincipalName,
    decision: 'next',
  });
  const cookie = first instanceof URL ? '' : first.cookie;

  const silent = await open(address({ prompt: 'none' }), cookie);
  const out = await open(`${bench.sandbox.url}/${bench.sandbox.tenant.id}/oauth2/v2.0/logout`, cookie);
  const after = await open(address({ prompt: 'none' }), out instanceof URL ? '' : out.cookie);

  expect((silent as URL).searchParams.has('code')).toBe(true);
  expect((after as URL).searchParams.get('error')).toBe('login_required');
});

test('a session does for a login hint of the same account alone', async () => {
  const first = await submit(await open(address({ prompt: 'consent' })), {
    other: ada.userPrincipalName,
    decision: 'next',
  });
  const cookie = first instanceof URL ? '' : first.cookie;

  const same = await open(address({ login_hint: ada.userPrincipalName }), cookie);
  const other = await open(address({ login_hint: member.userPrincipalName }), cookie);

  expect((same as URL).searchParams.has('code')).toBe(true);
  expect(textOf(other)).toContain('Pick an account');
});

test('an account that may not sign in, or that nobody has, is told on the account page', async () => {
  const first = await open(address());

  const asDisabled = await submit(first, { other: disabled.userPrincipalName, decision: 'next' });
  const asNobody = await submit(first, { other: 'nobody@contoso.example', decision: 'next' });

  expect(textOf(asDisabled)).toContain('AADSTS50057');
  expect(textOf(asNobody)).toContain('AADSTS50034');
});

test('cancelling leads back with access_denied', async () => {
  const back = await submit(await open(address()), { decision: 'cancel' });

  expect((back as URL).searchParams.get('error')).toBe('access_denied');
  expect((back as URL).searchParams.get('error_description')).toMatch(/^AADSTS65004: /);
});

test('a user consents to what users may consent to, and is not asked again', async () => {
  const wanted = address({ scope: 'openid User.Read' });

  const permissions = await submit(await open(wanted), { other: member.userPrincipalName, decision: 'next' });
  const back = await submit(permissions, { decision: 'accept' });
  const again = await signInAt(wanted, member.userPrincipalName);

  expect(textOf(permissions)).toContain('Permissions requested');
  expect(textOf(permissions)).toContain('Sign in and read user profile');
  expect((back as URL).searchParams.has('code')).toBe(true);
  expect(again.searchParams.has('code')).toBe(true);
});

test('what only admins may grant leads a user to the approval page, and back with access_denied', async () => {
  const wanted = address({ scope: 'openid GroupMember.Read.All' });

  const page = await submit(await open(wanted), { other: member.userPrincipalName, decision: 'next' });
  const back = await submit(page, { decision: 'not_admin' });

  expect(textOf(page)).toContain('Need admin approval');
  expect((back as URL).searchParams.get('error_description')).toMatch(/^AADSTS90094: /);
});

test('an admin may consent for everybody', async () => {
  const wanted = address({ scope: 'openid GroupMember.Read.All' });
  const permissions = await submit(await open(wanted), { other: ada.userPrincipalName, decision: 'next' });

  await submit(permissions, { decision: 'accept', everybody: 'yes' });
  const back = await signInAt(wanted, member.userPrincipalName);

  expect(back.searchParams.has('code')).toBe(true);
});

test('form_post brings code and state in a form that posts itself', async () => {
  const page = await submit(await open(address({ response_mode: 'form_post' })), { other: ada.id, decision: 'next' });

  if (page instanceof URL) throw new Error('There should be a page.');
  expect(page.html).toContain(`action="${bench.sandbox.registration.redirectUris.web[0]}"`);
  expect(page.html).toMatch(/name="code" value="1\.[\w-]+"/);
  expect(page.html).toContain('name="state" value="the state"');
});

test('what a user may not accept takes Entra’s dialog, and a host’s window there closes by itself', async () => {
  const { url, tenant, registration, origins } = bench.sandbox;
  const scopes = [`${origins.graph}/AppRoleAssignment.ReadWrite.All`];
  const ask = async (isInteractive: boolean) => {
    const body = JSON.stringify({ userId: ada.id, clientId: registration.clientId, scopes, isInteractive });
    const response = await fetch(`${origins.teams}/_teams/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return (await response.json()) as { error?: string; dialogUrl?: string; scope?: string };
  };

  const silent = await ask(false);
  const asked = await ask(true);
  const dialog = new URL(asked.dialogUrl ?? '');
  const account = await open(dialog.href);
  const permissions = await submit(account, { account: ada.id, decision: 'next' });
  const end = await submit(permissions, { decision: 'accept' });
  const after = await ask(false);

  expect([silent.error, silent.dialogUrl]).toEqual(['interaction_required', undefined]);
  expect(asked.error).toBe('interaction_required');
  expect(`${dialog.origin}${dialog.pathname}`).toBe(`${url}/${tenant.id}/oauth2/v2.0/authorize`);
  expect(textOf(permissions)).toContain('Manage app permission grants and app role assignments');
  expect(end instanceof URL ? '' : end.html).toContain('window.close()');
  expect(after.scope).toContain('AppRoleAssignment.ReadWrite.All');
});
