import { expect, test } from 'vitest';
import type { TenantId, UserId } from '../../src/domain/ids.ts';
import { AccessToken } from '../../src/service/auth/access-token.ts';
import { readDelegatedRefusal } from '../../src/service/entra/delegated-tokens.ts';
import { manageExchangeScope } from '../../src/service/exchange/tokens.ts';
import { startExchangeBench } from '../support/exchange-bench.ts';

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const margaret = 'margaret@contoso.example';

test('an admin’s token becomes one for Exchange with the admin’s own roles, and is asked for once', async () => {
  await using bench = await startExchangeBench();
  const scope = manageExchangeScope(bench.config.cloud);
  const first = await bench.tokens.get(bench.admin(margaret), scope);
  const asked = bench.sandbox.requests.all.length;
  const second = await bench.tokens.get(bench.admin(margaret), scope);

  if (first.kind === 'refused') throw new Error(first.problem);
  expect(claimsOf(first.token)).toMatchObject({
    aud: 'https://outlook.office365.com',
    scp: 'Exchange.Manage',
    upn: margaret,
    wids: expect.arrayContaining(['29232cdf-9323-42fd-ade2-1d097af3e4de']),
  });
  expect(second).toEqual(first);
  expect(bench.sandbox.requests.all.length).toBe(asked);
});

test('a token is another admin’s to no one, and is not used when its life is over', async () => {
  await using bench = await startExchangeBench({ settings: { accessTokenLifetimeSeconds: 3600 } });
  const scope = manageExchangeScope(bench.config.cloud);
  const tokenOf = async (name: string) => {
    const outcome = await bench.tokens.get(bench.admin(name), scope);
    return outcome.kind === 'token' ? outcome.token : outcome.problem;
  };
  const first = await tokenOf(margaret);
  const other = await tokenOf('ada@contoso.example');
  bench.clock.advance(3600_000);
  const later = await tokenOf(margaret);

  expect(claimsOf(other).upn).toBe('ada@contoso.example');
  expect(later).not.toBe(first);
  expect(claimsOf(later).exp * 1000).toBeGreaterThan(bench.clock.now().getTime());
});

test('without consent the answer says so, and a later consent is seen at once', async () => {
  await using bench = await startExchangeBench();
  const { grants } = bench.sandbox.tenant;
  const { clientId, scope: own } = bench.sandbox.registration;
  grants.revokeScopes();
  grants.grantScopes(clientId, clientId, [own.value], null);
  const scope = manageExchangeScope(bench.config.cloud);

  const refused = await bench.tokens.get(bench.admin(margaret), scope);
  grants.grantScopes(clientId, '00000002-0000-0ff1-ce00-000000000000', ['Exchange.Manage'], null);

  expect(refused).toMatchObject({ kind: 'refused', problem: 'consent_required', entraCode: 'AADSTS65001' });
  expect(await bench.tokens.get(bench.admin(margaret), scope)).toMatchObject({ kind: 'token' });
});

test('a claims challenge comes back as it is; an assertion that is not good wants a new sign-in', async () => {
  await using bench = await startExchangeBench();
  const scope = manageExchangeScope(bench.config.cloud);
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}';
  const body = { error: 'interaction_required', error_codes: [50076], error_description: 'AADSTS50076: more', claims };
  bench.sandbox.faults.add({ match: { method: 'POST', path: /token$/, times: 1 }, answer: { status: 400, body } });
  const challenged = await bench.tokens.get(bench.admin(margaret), scope);
  const forged = { ...bench.admin(margaret), accessToken: new AccessToken('a.b.c') };
  const refused = await bench.tokens.get(forged, scope);

  expect(challenged).toMatchObject({ problem: 'interaction_required', claims, entraCode: 'AADSTS50076' });
  expect(refused).toMatchObject({ problem: 'interaction_required', entraCode: 'AADSTS50013' });
  expect(bench.log.join()).not.toContain('eyJ');
});

test('no answer of Entra is told as such, and the reason is in the log without the token', async () => {
  await using bench = await startExchangeBench();
  const admin = bench.admin(margaret);
  bench.sandbox.faults.add({ match: { method: 'POST', path: /token$/ }, answer: { reset: true } });
  const outcome = await bench.tokens.get(admin, manageExchangeScope(bench.config.cloud));
  expect(outcome).toMatchObject({ kind: 'refused', problem: 'entra_unavailable' });
  expect(bench.log).toHaveLength(1);
  expect(bench.log[0]).not.toContain(admin.accessToken.reveal());
});

test('a token of one tenant is not kept for another one', async () => {
  await using bench = await startExchangeBench();
  const scope = manageExchangeScope(bench.config.cloud);
  await bench.tokens.get(bench.admin(margaret), scope);
  const elsewhere = {
    ...bench.admin(margaret),
    tenantId: '00000000-0000-0000-0000-000000000001' as TenantId,
    userId: bench.admin(margaret).userId as UserId,
  };
  expect(await bench.tokens.get(elsewhere, scope)).toMatchObject({ kind: 'refused' });
});

test.each([
  [{ status: 400, error: 'invalid_grant', suberror: 'consent_required' }, 'consent_required'],
  [{ status: 400, error: 'invalid_grant', code: 65001 }, 'consent_required'],
  [{ status: 400, error: 'interaction_required', code: 50079 }, 'interaction_required'],
  [{ status: 400, error: 'invalid_grant', code: 500133 }, 'interaction_required'],
  [{ status: 400, error: 'invalid_grant', code: 50173 }, 'interaction_required'],
  [{ status: 400, error: 'invalid_grant', code: 53003 }, 'conditional_access'],
  [{ status: 400, error: 'invalid_grant', code: 7000114 }, 'application_disabled'],
  [{ status: 401, error: 'invalid_client', code: 7000215 }, 'credential_rejected'],
  [{ status: 400, error: 'unauthorized_client', code: 700016 }, 'application_unknown'],
  [{ status: 429, error: 'x' }, 'throttled'],
  [{ status: 503 }, 'entra_unavailable'],
  [{}, 'entra_unavailable'],
] as const)('%j is %s', (answer, problem) => {
  expect(readDelegatedRefusal(answer)).toBe(problem);
});
