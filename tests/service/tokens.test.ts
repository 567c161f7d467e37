import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { addressOf, type Bench, startBench } from '../support/bench.ts';
import { attackersKey, goodToken, signedBy, signedByEntra, signedByMac, unsigned } from '../support/forged-tokens.ts';

const onboarded = { id: '8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10', displayName: 'Beta', domain: 'beta.example' };
const stranger = '0f0e0d0c-0b0a-4908-8706-050403020100';
const personalAccounts = '9188040d-6c67-4c5b-b112-36a304b66dad';

let bench: Bench;
let header: Readonly<Record<string, unknown>>;
let claims: Readonly<Record<string, unknown>>;
const now = () => Math.floor(bench.clock.now().getTime() / 1000);

beforeAll(async () => {
  bench = await startBench({ tenants: [onboarded] });
  // The process has read the keys of both tenants before the corpus begins.
  for (const person of ['ada@contoso.example', 'ada@beta.example']) await bench.signIn(person).call(api.getSession);
  ({ header, claims } = goodToken(bench));
});
afterAll(() => bench[Symbol.asyncDispose]());

function ask(authorization: string | undefined, path = addressOf(api.getSession)) {
  return bench.fetch(path, authorization === undefined ? {} : { headers: { authorization } });
}

test('a good token is accepted, also with an upper-case object id, by App ID URI and by client id', async () => {
  const upper = signedByEntra(bench, {
    ...claims,
    oid: String(claims.oid).toUpperCase(),
    tid: String(claims.tid).toUpperCase(),
  });
  const byUri = signedByEntra(bench, { ...claims, aud: bench.sandbox.registration.appIdUri });
  const byId = signedByEntra(bench, { ...claims, aud: bench.sandbox.registration.clientId });

  const answers = await Promise.all([upper, byUri, byId].map((token) => ask(`Bearer ${token}`)));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await answers[0]?.json()).toMatchObject({ admin: { userId: String(claims.oid) } });
});

const withClaims = (changes: object) => () => signedByEntra(bench, { ...claims, ...changes });
const withHeader = (changes: Readonly<Record<string, unknown>>) => () => signedByEntra(bench, claims, changes);
const issuerOf = (tenantId: string) => `${bench.sandbox.origins.authority}/${tenantId}/v2.0`;
const betaTenant = (changes: object) => () =>
  signedByEntra(bench, { ...claims, tid: onboarded.id, iss: issuerOf(onboarded.id), ...changes });

const refused: [string, () => string][] = [
  ['no signature, alg none', () => unsigned({ ...header, alg: 'none' }, claims)],
  ['no signature, alg None', () => unsigned({ ...header, alg: 'None' }, claims)],
  ['empty signature with RS256', () => unsigned(header, claims)],
  [
    'signature of another token',
    () =>
      `${unsigned(header, { ...claims, name: 'Mallory' })}${bench.signIn('grace@contoso.example').token.split('.')[2]}`,
  ],
  [
    'payload changed after signing',
    () => {
      const [head, , signature] = signedByEntra(bench, claims).split('.');
      return `${head}.${Buffer.from(JSON.stringify({ ...claims, wids: [] })).toString('base64url')}.${signature}`;
    },
  ],
  [
    'HS256 with the public key as secret',
    () =>
      signedByMac(attackersKey.publicKey.export({ type: 'spki', format: 'pem' }), { ...header, alg: 'HS256' }, claims),
  ],
  ['HS256 with an empty secret', () => signedByMac('', { ...header, alg: 'HS256' }, claims)],
  ['PS256 named, RS256 signed', withHeader({ alg: 'PS256' })],
  ['RS512 named', withHeader({ alg: 'RS512' })],
  ['attacker’s key under Entra’s kid', () => signedBy(attackersKey.privateKey, header, claims)],
  [
    'embedded jwk',
    () =>
      signedBy(attackersKey.privateKey, { ...header, jwk: attackersKey.publicKey.export({ format: 'jwk' }) }, claims),
  ],
  ['embedded x5c', () => signedBy(attackersKey.privateKey, { ...header, x5c: ['MIIB'] }, claims)],
  ['unknown kid', withHeader({ kid: 'unknown' })],
  ['kid as number', withHeader({ kid: 7 })],
  ['no kid', withHeader({ kid: undefined })],
  ['kid with path tricks', withHeader({ kid: '../../etc/passwd' })],
  ['critical header extension', withHeader({ crit: ['exp'] })],
  ['nonce in the header: a token of Graph', withHeader({ nonce: 'abc' })],
  [
    'issuer of another onboarded tenant',
    withClaims({ iss: 'https://login.microsoftonline.com/8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10/v2.0' }),
  ],
  ['tid of another onboarded tenant, issuer of ours', withClaims({ tid: onboarded.id })],
  ['issuer of a tenant, tid of another', () => signedByEntra(bench, { ...claims, iss: issuerOf(onboarded.id) })],
  [
    'tenant of personal accounts',
    () => signedByEntra(bench, { ...claims, tid: personalAccounts, iss: issuerOf(personalAccounts) }),
  ],
  [
    'tenant nobody onboarded, signed by a stranger',
    () => signedBy(attackersKey.privateKey, header, { ...claims, tid: stranger, iss: issuerOf(stranger) }),
  ],
  ['issuer with a slash more', () => signedByEntra(bench, { ...claims, iss: `${String(claims.iss)}/` })],
  ['no issuer', withClaims({ iss: undefined })],
  [
    'issuer as template',
    () => signedByEntra(bench, { ...claims, iss: `${bench.sandbox.origins.authority}/{tenantid}/v2.0` }),
  ],
  ['v1 issuer', withClaims({ iss: 'https://sts.windows.net/bdd640fb-0667-4ad1-9c80-317fa3b1799d/' })],
  ['version 1.0', withClaims({ ver: '1.0' })],
  ['no version', withClaims({ ver: undefined })],
  ['version as number', withClaims({ ver: 2 })],
  ['audience Graph', withClaims({ aud: 'https://graph.microsoft.com' })],
  ['audience Graph by id', withClaims({ aud: '00000003-0000-0000-c000-000000000000' })],
  ['audience of another application', withClaims({ aud: stranger })],
  ['audience as list with ours in it', () => signedByEntra(bench, { ...claims, aud: [claims.aud] })],
  ['audience with a suffix', () => signedByEntra(bench, { ...claims, aud: `${String(claims.aud)}/` })],
  ['no audience', withClaims({ aud: undefined })],
  ['no tid', withClaims({ tid: undefined })],
  ['tid no GUID', withClaims({ tid: 'contoso.example' })],
  ['tid as list', () => signedByEntra(bench, { ...claims, tid: [claims.tid] })],
  ['no oid', withClaims({ oid: undefined })],
  ['oid no GUID', withClaims({ oid: "x' or 1=1 --" })],
  ['oid with letters that look alike', withClaims({ oid: '6b65а6a4-8b81-48f6-b38a-088ca65ed389' })],
  ['expired', () => signedByEntra(bench, { ...claims, exp: now() - 61 })],
  ['no expiry', withClaims({ exp: undefined })],
  ['expiry as text', () => signedByEntra(bench, { ...claims, exp: String(now() + 3600) })],
  ['expiry 1e308', withClaims({ exp: 1e308 })],
  ['expiry negative', withClaims({ exp: -1 })],
  ['expiry with a fraction', () => signedByEntra(bench, { ...claims, exp: now() + 0.5 })],
  ['not valid yet', () => signedByEntra(bench, { ...claims, nbf: now() + 120 })],
  ['no nbf', withClaims({ nbf: undefined })],
  ['issued in the future', () => signedByEntra(bench, { ...claims, iat: now() + 120 })],
  ['no iat', withClaims({ iat: undefined })],
  ['lives longer than a day', () => signedByEntra(bench, { ...claims, iat: now(), exp: now() + 25 * 3600 })],
  [
    'expires before it was issued',
    () => signedByEntra(bench, { ...claims, iat: now(), nbf: now() - 100, exp: now() - 30 }),
  ],
  ['actor nobody knows', withClaims({ azp: stranger })],
  ['actor missing', withClaims({ azp: undefined })],
  ['actor as list', () => signedByEntra(bench, { ...claims, azp: [claims.azp] })],
  [
    'an ID token',
    () => {
      const issued = bench.sandbox.issueDelegatedTokens({
        userId: String(claims.oid),
        clientId: bench.sandbox.registration.clientId,
        scopes: 'openid profile',
      });
      return 'idToken' in issued && issued.idToken
        ? issued.idToken
        : signedByEntra(bench, { ...claims, ver: undefined, azp: undefined, scp: undefined, nonce: 'n' });
    },
  ],
  ['payload no JSON', () => `${unsigned(header, claims).split('.')[0]}.bm90IGpzb24.AAAA`],
  ['payload a list', () => unsigned(header, [] as never, 'AAAA')],
  [
    'payload deep',
    () => unsigned(header, JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) as object as never, 'AAAA'),
  ],
  ['five parts', () => `${signedByEntra(bench, claims)}.a.b`],
  ['one part', () => 'token'],
  ['64 kB', () => `${signedByEntra(bench, claims)}${'A'.repeat(64_000)}`],
];

describe('401 without saying why', () => {
  test.each(refused)('%s', async (_name, makeToken) => {
    const response = await ask(`Bearer ${makeToken()}`);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await response.json()).toEqual({
      type: 'urn:mailbox-access:error:token.invalid',
      title: 'The sign-in is not valid',
      status: 401,
      code: 'token.invalid',
      remedy: 'Sign in again.',
      requestId: expect.any(String),
    });
  });

  test.each([
    ['no header', () => undefined],
    ['another scheme', () => `Basic ${Buffer.from('ada:secret').toString('base64')}`],
    ['bearer in lower case', () => `bearer ${signedByEntra(bench, claims)}`],
    [
      'two tokens in one header',
      () => `Bearer ${signedByEntra(bench, claims)}, Bearer ${signedByEntra(bench, claims)}`,
    ],
    ['two spaces', () => `Bearer  ${signedByEntra(bench, claims)}`],
    ['nothing behind Bearer', () => 'Bearer'],
  ])('header: %s', async (_name, makeHeader) => {
    expect((await ask(makeHeader())).status).toBe(401);
  });

  test('a token in the query is not read', async () => {
    const response = await ask(undefined, `/api/session?access_token=${signedByEntra(bench, claims)}`);

    expect(response.status).toBe(401);
    expect(bench.log.join()).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });
});

describe('403 for a token that is genuine and not enough', () => {
  const roleless = { wids: undefined, roles: undefined };
  test.each<[string, string, () => string]>([
    ['app-only', 'token.wrong_scope', withClaims({ scp: undefined, idtyp: 'app', roles: ['MailboxAccess.Admin'] })],
    ['no scope', 'token.wrong_scope', withClaims({ scp: undefined })],
    ['another scope', 'token.wrong_scope', withClaims({ scp: 'User.Read' })],
    ['scope as prefix', 'token.wrong_scope', withClaims({ scp: 'access_as_user2' })],
    ['scope in other case', 'token.wrong_scope', withClaims({ scp: 'Access_As_User' })],
    [
      'tenant not onboarded',
      'tenant.not_onboarded',
      () => signedByEntra(bench, { ...claims, tid: stranger, iss: issuerOf(stranger) }),
    ],
    ['no roles at all', 'admin.role_missing', withClaims(roleless)],
    ['role of another name', 'admin.role_missing', withClaims({ ...roleless, roles: ['mailboxaccess.admin'] })],
    [
      'directory role that may not',
      'admin.role_missing',
      withClaims({ ...roleless, wids: ['f2ef992c-3afb-46b9-b7cf-a126ee74c451'] }),
    ],
    ['guest by acct', 'admin.role_missing', withClaims({ acct: 1 })],
    [
      'guest by identity provider',
      'admin.role_missing',
      withClaims({ idp: 'https://sts.windows.net/0f0e0d0c-0b0a-4908-8706-050403020100/' }),
    ],
    ['ordinary member', 'admin.role_missing', () => bench.signIn('grace@contoso.example').token],
    ['Global Reader', 'admin.role_missing', () => goodReader()],
  ])('%s: %s', async (_name, code, makeToken) => {
    const response = await ask(`Bearer ${makeToken()}`);

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code });
  });

  const goodReader = () =>
    bench.signIn(
      [...bench.sandbox.tenant.people].find((person) => person.directoryRoles.includes('globalReader'))?.id ?? '',
    ).token;
});

test.each([
  'globalAdministrator',
  'privilegedRoleAdministrator',
  'applicationAdministrator',
  'exchangeAdministrator',
] as const)('%s may use the product', async (role) => {
  const person = bench.sandbox.tenant.people.find(({ directoryRoles }) => directoryRoles.includes(role));
  expect((await ask(`Bearer ${bench.signIn(person?.id ?? '').token}`)).status).toBe(200);
});

test('the app role alone is enough', async () => {
  const token = signedByEntra(bench, { ...claims, wids: undefined, roles: ['MailboxAccess.Admin'] });
  const response = await ask(`Bearer ${token}`);
  expect(await response.json()).toMatchObject({ admin: { mayConsent: 'unknown' } });
});

test('a tolerance of a minute covers clocks that differ', async () => {
  const token = betaTenant({ exp: now() - 30, nbf: now() - 3000, iat: now() - 3000 })();
  expect((await ask(`Bearer ${token}`)).status).toBe(200);
});

test('addresses of keys inside a token are never called', async () => {
  let calls = 0;
  const evil = createServer((_request, response) => {
    calls += 1;
    response.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/keys`;

  const tokens = [{ jku: url }, { x5u: url }, { jku: url, kid: 'new' }, { x5u: url, kid: 'newer' }].map((extra) =>
    signedBy(attackersKey.privateKey, { ...header, ...extra }, claims),
  );
  const statuses = await Promise.all(tokens.map(async (token) => (await ask(`Bearer ${token}`)).status));
  await new Promise((resolve) => evil.close(resolve));

  expect(statuses).toEqual([401, 401, 401, 401]);
  expect(calls).toBe(0);
});

test('a flood of unknown key ids asks Entra at most once per thirty seconds', async () => {
  bench.clock.advance(31_000);
  bench.sandbox.requests.clear();

  for (let index = 0; index < 300; index++)
    await ask(`Bearer ${signedByEntra(bench, { ...claims, exp: now() + 3600 }, { kid: `k${index}` })}`);

  expect(bench.sandbox.requests.to(/discovery\/v2\.0\/keys/)).toHaveLength(1);
});

describe('when keys change or cannot be read', () => {
  test('a new key works after one read, and a withdrawn one is refused', async () => {
    await using own = await startBench();
    const old = own.signIn('ada@contoso.example');
    await old.call(api.getSession);
    const oldToken = old.token;
    await own.sandbox.keys.rotate();
    own.sandbox.keys.withdrawOld();
    own.clock.advance(31_000);

    const fresh = await own.signIn('ada@contoso.example').send(api.getSession);
    const stale = await own.fetch('/api/session', { headers: { authorization: `Bearer ${oldToken}` } });

    expect([fresh.status, stale.status]).toEqual([200, 401]);
  });

  test.each([
    ['500', { status: 500 }],
    ['HTML', { status: 200, html: '<h1>proxy</h1>' }],
    ['a redirect to another host', { status: 302, headers: { location: 'https://evil.example/keys' } }],
    ['2 MB', { status: 200, body: 'x'.repeat(2_000_000) }],
    ['a cut body', { status: 200, body: { keys: [] }, truncate: true as const }],
  ])('503 when Entra answers with %s and nothing is cached', async (_name, answer) => {
    await using own = await startBench({ sandbox: { settings: { entraLatencyMs: 0 } } });
    own.sandbox.faults.add({ match: { path: /openid-configuration|discovery/ }, answer });
    // The service may have read the keys while it started.
    own.clock.advance(49 * 3600_000);

    const response = await own.signIn('ada@contoso.example').send(api.getSession);
    const ready = await own.fetch('/readyz');

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'auth.unavailable' });
    expect(response.headers.get('retry-after')).toBe('30');
    expect(await ready.json()).toMatchObject({ parts: ['entra'] });
  });

  test('cached keys go on working for two days', async () => {
    await using own = await startBench();
    await own.signIn('ada@contoso.example').call(api.getSession);
    own.sandbox.faults.add({ match: { path: /openid-configuration|discovery/ }, answer: { status: 500 } });
    own.clock.advance(47 * 3600_000);

    expect((await own.signIn('ada@contoso.example').send(api.getSession)).status).toBe(200);
  });

  test.each([
    ['another tenant', `https://login.microsoftonline.com/${stranger}/v2.0`],
    ['personal accounts', `https://login.microsoftonline.com/${personalAccounts}/v2.0`],
  ])('a key whose issuer is %s signs nothing here', async (_name, issuer) => {
    await using own = await startBench();
    const published = own.sandbox.keys.published(issuer);
    own.sandbox.faults.add({ match: { path: /discovery\/v2\.0\/keys/ }, answer: { status: 200, body: published } });
    own.clock.advance(49 * 3600_000);

    expect((await own.signIn('ada@contoso.example').send(api.getSession)).status).toBe(401);
  });
});
