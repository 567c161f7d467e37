import { expect, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, claimsOf, startBench } from './bench.ts';
import { signInAt } from './browser.ts';

const { ada, disabled, grace } = namedPeople;
const unknownGuid = '00000000-0000-4000-a000-000000000000';

test.each<
  [
    what: string,
    parameters: Record<string, string>,
    tenant: string | undefined,
    code: number,
    error: string,
    status: number,
  ]
>([
  ['a wrong secret', { client_secret: 'wrong' }, undefined, 7000215, 'invalid_client', 401],
  ['no credential at all', { client_secret: '' }, undefined, 7000218, 'invalid_client', 401],
  ['an unknown application', { client_id: unknownGuid }, undefined, 700016, 'unauthorized_client', 400],
  ['an unknown tenant', {}, unknownGuid, 90002, 'invalid_request', 400],
  ['a tenant of several', {}, 'organizations', 50194, 'invalid_request', 400],
  [
    'a scope without .default',
    { scope: 'https://graph.microsoft.com/Mail.Read' },
    undefined,
    70011,
    'invalid_scope',
    400,
  ],
  [
    'two resources',
    { scope: 'https://graph.microsoft.com/.default https://outlook.office365.com/.default' },
    undefined,
    700022,
    'invalid_scope',
    400,
  ],
  ['an unknown resource', { scope: 'https://vault.azure.net/.default' }, undefined, 500011, 'invalid_resource', 400],
  ['no scope', { scope: '' }, undefined, 900144, 'invalid_request', 400],
  ['no grant type', { grant_type: '' }, undefined, 900144, 'invalid_request', 400],
  ['an unsupported grant type', { grant_type: 'password' }, undefined, 70003, 'unsupported_grant_type', 400],
  [
    'an assertion that is none',
    { client_assertion: 'a.b.c', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' },
    undefined,
    50027,
    'invalid_client',
    401,
  ],
  [
    'an exchange of a foreign token',
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: 'a.b.c',
    },
    undefined,
    50013,
    'invalid_grant',
    400,
  ],
])('refuses %s', async (_what, parameters, tenant, code, error, status) => {
  await using bench = await startBench();

  const reply = await bench.token(parameters, tenant);

  expect(reply.status).toBe(status);
  expect(reply.body).toMatchObject({
    error,
    error_codes: [code],
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
  });
  expect(reply.body.error_description).toMatch(
    new RegExp(`^AADSTS${code}: .+ Trace ID: .+ Correlation ID: .+ Timestamp: .+Z$`),
  );
});

test('an expired secret is refused, and a disabled or deleted application has tokens no more', async () => {
  await using bench = await startBench();
  const { clock, tenant } = bench.sandbox;
  const codeNow = async () => (await bench.token()).body.error_codes?.[0];

  const application = tenant.grants.addApplication();
  application.accountEnabled = false;
  const whileDisabled = await codeNow();
  application.accountEnabled = true;
  clock.advance(366 * 24 * 3600_000);
  const afterExpiry = await codeNow();
  tenant.grants.deleteApplication();
  const afterDeletion = await codeNow();

  expect([whileDisabled, afterExpiry, afterDeletion]).toEqual([7000112, 7000222, 700016]);
});

test('access tokens live 60 to 90 minutes, as expires_in and exp agree', async () => {
  await using bench = await startBench();

  const { body } = await bench.token();

  const { exp, iat } = claimsOf(body.access_token);
  expect(body.expires_in).toBeGreaterThanOrEqual(3600);
  expect(body.expires_in).toBeLessThanOrEqual(5400);
  expect(exp - iat).toBe(body.expires_in);
});

test('a grant and a revocation reach new tokens only after the propagation time', async () => {
  await using bench = await startBench({ settings: { grantPropagationSeconds: 90 } });
  const { clock, tenant } = bench.sandbox;
  const roles = async () => claimsOf((await bench.token()).body.access_token).roles;

  tenant.grants.grant('Mail.Read');
  const atOnce = await roles();
  clock.advance(90_000);
  const later = await roles();
  tenant.grants.revokeRoles('Mail.Read');
  const stillThere = await roles();
  clock.advance(90_000);
  const gone = await roles();

  expect([atOnce, later, stillThere, gone]).toEqual([undefined, ['Mail.Read'], ['Mail.Read'], undefined]);
});

test('metadata and keys name the issuer of a tenant, and the template for every tenant', async () => {
  await using bench = await startBench({ origins: { authority: 'https://login.microsoftonline.com' } });
  const { url, tenant } = bench.sandbox;
  const read = async (path: string) => (await fetch(`${url}/${path}`)).json();

  const byId = await read(`${tenant.id}/v2.0/.well-known/openid-configuration`);
  const byDomain = await read(`${tenant.domain}/v2.0/.well-known/openid-configuration`);
  const shared = await read('organizations/v2.0/.well-known/openid-configuration');
  const older = await read(`${tenant.id}/.well-known/openid-configuration`);
  const { keys } = await read(`${tenant.id}/discovery/v2.0/keys`);

  expect(byId.issuer).toBe(`https://login.microsoftonline.com/${tenant.id}/v2.0`);
  expect(byDomain).toEqual(byId);
  expect(shared.issuer).toBe('https://login.microsoftonline.com/{tenantid}/v2.0');
  expect(older.issuer).toBe(`https://sts.windows.net/${tenant.id}/`);
  expect(keys).toEqual([
    expect.objectContaining({ kty: 'RSA', use: 'sig', issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }),
  ]);
});

test('metadata of an unknown tenant is refused with AADSTS90002', async () => {
  await using bench = await startBench();

  const response = await fetch(`${bench.sandbox.url}/${unknownGuid}/v2.0/.well-known/openid-configuration`);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_request', error_codes: [90002] });
});

test('after a rotation new tokens have the new key, and the old one stays published until it is withdrawn', async () => {
  await using bench = await startBench();
  const { keys, url, tenant } = bench.sandbox;
  const published = async () => {
    const set = await (await fetch(`${url}/${tenant.id}/discovery/v2.0/keys`)).json();
    return set.keys.map((key: { kid: string }) => key.kid);
  };
  const old = keys.current.kid;

  await keys.rotate();
  const both = await published();
  keys.withdrawOld();
  const onlyNew = await published();

  expect(both).toEqual([keys.current.kid, old]);
  expect(onlyNew).toEqual([keys.current.kid]);
});

const verifier = 'a-verifier-that-is-long-enough-for-the-proof-key-of-code-exchange';

/** A code for the single-page application, and the redemption of it. */
async function spaCode(bench: Bench, scope = 'openid profile offline_access User.Read') {
  const { registration, url, tenant } = bench.sandbox;
  const redirectUri = registration.redirectUris.spa[0] ?? '';
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const address = `${url}/${tenant.id}/oauth2/v2.0/authorize?${new URLSearchParams({
    client_id: registration.clientId,
    response_type: 'code',
    response_mode: 'fragment',
    redirect_uri: redirectUri,
    scope,
    state: 's',
    nonce: 'n',
    client_info: '1',
    code_challenge: Buffer.from(digest).toString('base64url'),
    code_challenge_method: 'S256',
  })}`;
  const back = await signInAt(address, ada.userPrincipalName);
  const code = new URLSearchParams(back.hash.slice(1)).get('code') ?? '';

  async function post(form: Record<string, string>, origin: string | undefined) {
    const response = await fetch(`${url}/${tenant.id}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: registration.clientId, client_info: '1', ...form }),
      headers: origin ? { origin } : {},
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  const ticket = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const origin = registration.tabOrigin;
  return {
    back,
    redeem: (changes: Record<string, string> = {}, from: string | undefined = origin) =>
      post({ ...ticket, ...changes }, from),
    redeemWithoutOrigin: () => post(ticket, undefined),
    refresh: (refreshToken: string) =>
      post({ grant_type: 'refresh_token', refresh_token: refreshToken, scope }, origin),
  };
}

test('a single-page application redeems its code across origins, with nonce, client_info and refresh token', async () => {
  await using bench = await startBench();
  const { back, redeem } = await spaCode(bench);

  const reply = await redeem();

  expect(back.hash).toContain('state=s');
  expect(reply.status).toBe(200);
  expect(reply.headers.get('access-control-allow-origin')).toBe('*');
  expect(claimsOf(reply.body.id_token)).toMatchObject({
    nonce: 'n',
    oid: ada.id,
    aud: bench.sandbox.registration.clientId,
  });
  expect(JSON.parse(Buffer.from(reply.body.client_info, 'base64url').toString())).toEqual({
    uid: ada.id,
    utid: bench.sandbox.tenant.id,
  });
  expect(reply.body.scope.split(' ')).toEqual(expect.arrayContaining(['openid', `${bench.sandbox.url}/User.Read`]));
  expect(reply.body.refresh_token).toBeDefined();
});

test.each<[what: string, changes: Record<string, string>, code: number]>([
  ['another verifier', { code_verifier: 'x'.repeat(64) }, 501481],
  ['a secret', { client_secret: 'simulated-client-secret' }, 700025],
  ['another redirect URI', { redirect_uri: 'https://localhost:4400/consent/end' }, 50011],
  ['an invented code', { code: 'invented' }, 9002313],
])('a code of a single-page application is not redeemed with %s', async (_what, changes, code) => {
  await using bench = await startBench();
  const { redeem } = await spaCode(bench);

  const reply = await redeem(changes);

  expect(reply.body.error_codes).toEqual([code]);
});

test('a code of a single-page application is redeemed once, in ten minutes, and by a browser only', async () => {
  await using bench = await startBench();
  const used = await spaCode(bench);
  const late = await spaCode(bench);
  const outside = await spaCode(bench);
  await used.redeem();

  const again = await used.redeem();
  const withoutOrigin = await outside.redeemWithoutOrigin();
  bench.sandbox.clock.advance(11 * 60_000);
  const tooLate = await late.redeem();

  const codes = [again, withoutOrigin, tooLate].map((reply) => reply.body.error_codes[0]);
  expect(codes).toEqual([54005, 9002327, 70008]);
});

test('refresh tokens of a single-page application end after a day', async () => {
  await using bench = await startBench();
  const { redeem, refresh } = await spaCode(bench);
  const { body } = await redeem();

  const soon = await refresh(body.refresh_token);
  bench.sandbox.clock.advance(25 * 3600_000);
  const late = await refresh(body.refresh_token);

  expect(soon.status).toBe(200);
  expect(late.body).toMatchObject({ error: 'invalid_grant', error_codes: [700084] });
});

test('the Teams host gets tokens for our API for its own client id, without consent', async () => {
  await using bench = await startBench();
  const { sandbox } = bench;
  sandbox.tenant.grants.revokeScopes();
  const scopes = `${sandbox.registration.appIdUri}/access_as_user`;

  const byTeams = sandbox.issueDelegatedTokens({
    userId: grace.id,
    clientId: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
    scopes,
  });
  const byUs = sandbox.issueDelegatedTokens({ userId: grace.id, clientId: sandbox.registration.clientId, scopes });

  expect('accessToken' in byTeams && claimsOf(byTeams.accessToken)).toMatchObject({
    azp: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
    scp: 'access_as_user',
  });
  expect(byUs).toMatchObject({ error: 'interaction_required', code: 65001 });
});

test('nobody gets tokens for a disabled account or for scopes of two resources', async () => {
  await using bench = await startBench();
  const { sandbox } = bench;
  const { clientId, appIdUri } = sandbox.registration;
  const ours = `${appIdUri}/access_as_user`;

  const forDisabled = sandbox.issueDelegatedTokens({ userId: disabled.id, clientId, scopes: ours });
  const forTwo = sandbox.issueDelegatedTokens({ userId: ada.id, clientId, scopes: `${ours} User.Read` });

  expect(forDisabled).toMatchObject({ code: 50057 });
  expect(forTwo).toMatchObject({ code: 700022 });
});

test('an app role of our API reaches the user’s token', async () => {
  await using bench = await startBench();
  const { sandbox } = bench;
  sandbox.tenant.grants.assign(grace.id, 'User', sandbox.registration.clientId, 'MailboxAccess.Admin');

  const token = sandbox.signIn(grace.id);

  expect(claimsOf(token).roles).toEqual(['MailboxAccess.Admin']);
});

test('another tenant has tokens of its own, and its people are not known in the first', async () => {
  await using bench = await startBench();
  const { sandbox } = bench;
  const fabrikam = sandbox.addTenant({
    id: '412b2930-4729-4739-a14f-f3d719db3ad1',
    displayName: 'Fabrikam',
    domain: 'fabrikam.example',
  });

  const before = await bench.token({}, fabrikam.id);
  fabrikam.grants.grant('Mail.Read');
  const after = await bench.token({}, 'fabrikam.example');

  expect(before.body.error_codes).toEqual([700016]);
  expect(claimsOf(after.body.access_token)).toMatchObject({ tid: fabrikam.id, roles: ['Mail.Read'] });
  expect(fabrikam.person('ada@fabrikam.example').id).not.toBe(ada.id);
  expect(sandbox.tenant.find('ada@fabrikam.example')).toBeUndefined();
});
