import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSelfSignedCertificate, thumbprintOf } from '../../src/sandbox/certificates.ts';
import { issueInteractively } from '../../src/sandbox/entra/user-consent.ts';
import { directoryRoles } from '../../src/sandbox/tenant/directory-roles.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { exchangeOnlineAppId } from '../../src/sandbox/tenant/permissions.ts';
import { type Bench, claimsOf, startBench } from './bench.ts';
import { signInAt } from './browser.ts';

// Microsoft's own client for confidential applications, over HTTPS, with nothing replaced but the trust.

const { ada } = namedPeople;

let bench: Bench;
let credentials: { certificate: string; key: string };
beforeAll(async () => {
  credentials = await makeSelfSignedCertificate('Mailbox Access');
  bench = await startBench({ registration: { certificates: [credentials.certificate] } });
});
afterAll(() => bench[Symbol.asyncDispose]());

function client(auth: Partial<Configuration['auth']>): ConfidentialClientApplication {
  const { url, tenant, registration } = bench.sandbox;
  return new ConfidentialClientApplication({
    auth: {
      clientId: registration.clientId,
      authority: `${url}/${tenant.id}`,
      knownAuthorities: [new URL(url).host],
      ...auth,
    },
  });
}

const bySecret = () => client({ clientSecret: bench.sandbox.registration.secrets[0]?.value ?? '' });
const byCertificate = () =>
  client({
    clientCertificate: {
      thumbprintSha256: thumbprintOf(credentials.certificate),
      privateKey: credentials.key,
    },
  });
const graphScopes = () => ({ scopes: [`${bench.sandbox.url}/.default`] });

test('client credentials with a secret give a token of version 1 without roles as long as nothing is granted', async () => {
  const result = await bySecret().acquireTokenByClientCredential(graphScopes());

  const claims = claimsOf(result?.accessToken ?? '');
  expect(claims).toMatchObject({
    ver: '1.0',
    iss: `https://sts.windows.net/${bench.sandbox.tenant.id}/`,
    appid: bench.sandbox.registration.clientId,
    appidacr: '1',
    idtyp: 'app',
  });
  expect(claims).not.toHaveProperty('roles');
  expect(claims).not.toHaveProperty('scp');
});

test('client credentials with a certificate carry the granted roles; only a new token shows a later grant', async () => {
  const application = byCertificate();
  const before = await application.acquireTokenByClientCredential(graphScopes());
  bench.sandbox.tenant.grants.grant('Mail.Read', 'User.Read.All');

  const cached = await application.acquireTokenByClientCredential(graphScopes());
  const fresh = await application.acquireTokenByClientCredential({ ...graphScopes(), skipCache: true });

  expect(claimsOf(before?.accessToken ?? '').appidacr).toBe('2');
  expect(cached?.accessToken).toBe(before?.accessToken);
  expect(claimsOf(fresh?.accessToken ?? '').roles).toEqual(['Mail.Read', 'User.Read.All']);
});

test('a wrong secret is refused with AADSTS7000215', async () => {
  const asked = client({ clientSecret: 'not the secret' }).acquireTokenByClientCredential(graphScopes());

  await expect(asked).rejects.toMatchObject({ errorCode: 'invalid_client', errorNo: 7000215 });
});

test('a certificate that is not registered is refused with AADSTS700027', async () => {
  const other = await makeSelfSignedCertificate('Somebody else');
  const clientCertificate = { thumbprintSha256: thumbprintOf(other.certificate), privateKey: other.key };

  const asked = client({ clientCertificate }).acquireTokenByClientCredential(graphScopes());

  await expect(asked).rejects.toMatchObject({ errorCode: 'invalid_client', errorNo: 700027 });
});

test('a signed-in user’s token for our API is of version 2 and verifies by the published keys', async () => {
  const { sandbox } = bench;
  const metadata = await (
    await fetch(`${sandbox.url}/${sandbox.tenant.id}/v2.0/.well-known/openid-configuration`)
  ).json();
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), { [customFetch]: fetch });

  const { payload, protectedHeader } = await jwtVerify(sandbox.signIn(ada.id), keys, {
    issuer: metadata.issuer,
    audience: sandbox.registration.clientId,
    algorithms: ['RS256'],
  });

  expect(protectedHeader).not.toHaveProperty('nonce');
  expect(payload).toMatchObject({
    ver: '2.0',
    oid: ada.id,
    tid: sandbox.tenant.id,
    azp: sandbox.registration.clientId,
    azpacr: '0',
    scp: 'access_as_user',
    preferred_username: ada.userPrincipalName,
    name: ada.displayName,
  });
  expect(payload.wids).toContain(directoryRoles.globalAdministrator.templateId);
});

test('a token for Graph has a nonce in its header, and nobody but Graph can verify it', async () => {
  const { sandbox } = bench;
  const token = bench.userToken(ada.id, 'User.Read');
  const keys = createRemoteJWKSet(new URL(`${sandbox.url}/${sandbox.tenant.id}/discovery/v2.0/keys`), {
    [customFetch]: fetch,
  });

  const verified = jwtVerify(token, keys);

  await expect(verified).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  expect(decodeProtectedHeader(token)).toHaveProperty('nonce');
  expect((await bench.graph(token, '/me')).status).toBe(200);
});

test('on behalf of a user, our API gets a token for Graph that Graph takes', async () => {
  const result = await bySecret().acquireTokenOnBehalfOf({
    oboAssertion: bench.sandbox.signIn(ada.id),
    scopes: [`${bench.sandbox.url}/User.Read`],
  });

  const me = await bench.graph(result?.accessToken ?? '', '/me?$select=id,displayName');
  expect(me.body).toMatchObject({ id: ada.id, displayName: ada.displayName });
  expect(claimsOf(result?.accessToken ?? '')).not.toHaveProperty('roles');
});

test('Exchange.Manage needs an admin’s consent: on-behalf-of asks for it, and nobody gets it without Entra’s dialog', async () => {
  const { sandbox } = bench;
  const scope = 'https://outlook.office365.com/Exchange.Manage';
  const exchange = () =>
    bySecret().acquireTokenOnBehalfOf({ oboAssertion: sandbox.signIn(ada.id), scopes: [scope], skipCache: true });
  const interactively = (userId: string) =>
    sandbox.issueDelegatedTokens({ userId, clientId: sandbox.registration.clientId, scopes: scope });

  await expect(exchange()).rejects.toMatchObject({ errorCode: 'interaction_required', subError: 'consent_required' });
  expect(interactively(namedPeople.member.id)).toMatchObject({ code: 65001 });
  const world = { ...sandbox, tenants: new Map(sandbox.tenants) };
  const clientId = sandbox.registration.clientId;
  for (const userId of [namedPeople.member.id, ada.id]) {
    const asked = issueInteractively(world, { userId, clientId, scopes: scope });
    expect(asked).toMatchObject({ error: 'interaction_required', dialogUrl: expect.stringContaining('/authorize?') });
  }
  sandbox.tenant.grants.grantScopes(clientId, exchangeOnlineAppId, ['Exchange.Manage'], ada.id);
  const result = await exchange();

  expect(claimsOf(result?.accessToken ?? '')).toMatchObject({
    aud: 'https://outlook.office365.com',
    scp: 'Exchange.Manage',
    upn: ada.userPrincipalName,
  });
  // The admin accepted for themselves, not for everybody.
  expect(interactively(namedPeople.member.id)).toMatchObject({ code: 65001 });
});

test('an app-only token cannot be exchanged on behalf of anybody', async () => {
  const { registration, url } = bench.sandbox;
  const appOnly = await bench.token({ scope: `${registration.appIdUri}/.default` });

  const asked = byCertificate().acquireTokenOnBehalfOf({
    oboAssertion: appOnly.body.access_token,
    scopes: [`${url}/User.Read`],
  });

  await expect(asked).rejects.toMatchObject({ errorCode: 'invalid_grant' });
});

test('the authorization code of a web application is redeemed with proof key and secret, and refreshed', async () => {
  const { registration, url } = bench.sandbox;
  const application = bySecret();
  const [redirectUri = ''] = registration.redirectUris.web;
  const codeVerifier = 'a-verifier-that-is-long-enough-for-the-proof-key-of-code-exchange';
  const codeChallenge = Buffer.from(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier)),
  ).toString('base64url');
  const scopes = [`${url}/User.Read`];
  const address = await application.getAuthCodeUrl({
    scopes,
    redirectUri,
    codeChallenge,
    codeChallengeMethod: 'S256',
    state: 'the state',
  });

  const back = await signInAt(address, ada.userPrincipalName);
  const result = await application.acquireTokenByCode({
    code: back.searchParams.get('code') ?? '',
    scopes,
    redirectUri,
    codeVerifier,
  });
  const account = result.account;
  const again = account && (await application.acquireTokenSilent({ account, scopes, forceRefresh: true }));

  expect(back.searchParams.get('state')).toBe('the state');
  expect(result.account).toMatchObject({ username: ada.userPrincipalName, localAccountId: ada.id });
  expect(again?.accessToken).toBeDefined();
  expect(again?.accessToken).not.toBe(result.accessToken);
});
