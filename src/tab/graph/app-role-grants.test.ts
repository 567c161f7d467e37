import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { appRoleIds, exchangeOnlineAppId, graphAppId } from '../../domain/consent/app-role.ts';
import { SignInFailure } from '../auth/sign-in-failure.ts';
import { aGraph, exchangePrincipal, graphPrincipal, ourPrincipal } from '../testing/graph.ts';
import { service } from '../testing/service.ts';
import { createAppRoleGrants } from './app-role-grants.ts';

const root = 'https://graph.microsoft.com';
const clientId = '11111111-0000-4000-8000-000000000001';
const ofGraph = (permission: string) => ({ permission, resourceAppId: graphAppId });
const fullAccess = { permission: 'full_access_as_app', resourceAppId: exchangeOnlineAppId };

function grants(getToken = async () => 'admin-token') {
  return createAppRoleGrants({ graphEndpoint: root, clientId, getToken });
}

test('what the application holds is listed page by page, of whatever API, by name', async () => {
  aGraph({ held: [ofGraph('Mail.Read'), fullAccess], pageSize: 1 });

  const listed = await grants().list();

  expect(listed).toMatchObject({
    ok: true,
    grants: [
      { permission: 'Mail.Read', resourceAppId: graphAppId, resourceName: 'Microsoft Graph' },
      { permission: 'full_access_as_app', resourceName: 'Office 365 Exchange Online' },
    ],
  });
});

test('a grant names principal, resource and Microsoft’s own role id, with the admin’s token', async () => {
  const graph = aGraph();

  const result = await grants().grantRoles([ofGraph('Mail.Send')]);

  expect(result).toEqual({ changed: [ofGraph('Mail.Send')], unchanged: [] });
  expect(graph.posts).toEqual([
    {
      path: `/v1.0/servicePrincipals/${ourPrincipal}/appRoleAssignments`,
      body: { principalId: ourPrincipal, resourceId: graphPrincipal, appRoleId: appRoleIds['Mail.Send'] },
      authorization: 'Bearer admin-token',
    },
  ]);
});

test('what is held already is done, and asks for nothing', async () => {
  const graph = aGraph({ held: [ofGraph('Mail.Send')] });

  const result = await grants().grantRoles([ofGraph('Mail.Send')]);

  expect(result).toEqual({ changed: [], unchanged: [ofGraph('Mail.Send')] });
  expect(graph.posts).toEqual([]);
});

test.each([400, 409])(
  'somebody else was faster (%i): it is done, and the text of the error is not read',
  async (status) => {
    const graph = aGraph();
    graph.onPost = () => {
      graph.held.push(ofGraph('Mail.Send'));
      return HttpResponse.json({ error: { code: 'Request_BadRequest', message: 'whatever' } }, { status });
    };

    expect(await grants().grantRoles([ofGraph('Mail.Send')])).toEqual({
      changed: [],
      unchanged: [ofGraph('Mail.Send')],
    });
  },
);

test('removing goes by assignment, of Exchange Web Services too', async () => {
  const graph = aGraph({ held: [ofGraph('Mail.Read'), fullAccess] });

  const result = await grants().revokeRoles([fullAccess]);

  expect(result.changed).toEqual([fullAccess]);
  expect(graph.deletes).toEqual([
    `/v1.0/servicePrincipals/${ourPrincipal}/appRoleAssignments/assignment-${exchangePrincipal}-full_access_as_app`,
  ]);
  expect(graph.held).toEqual([ofGraph('Mail.Read')]);
});

test('two APIs use one name: only the one that is meant is removed', async () => {
  const ofExchange = { permission: 'Mail.Read', resourceAppId: exchangeOnlineAppId };
  const graph = aGraph({ held: [ofGraph('Mail.Read'), ofExchange] });

  await grants().revokeRoles([ofExchange]);

  expect(graph.held).toEqual([ofGraph('Mail.Read')]);
});

test('removed and put back: what a change of the scope needs', async () => {
  const held = [ofGraph('Mail.Read'), ofGraph('Calendars.Read'), fullAccess];
  const graph = aGraph({ held: [...held] });

  const removed = await grants().revokeRoles(held);
  const without = [...graph.held];
  const back = await grants().grantRoles(held);

  expect(removed.changed).toEqual(held);
  expect(without).toEqual([]);
  expect(back.changed).toEqual(held);
  expect(graph.held).toEqual(held);
});

test('tier 0 is never granted, and nothing is sent', async () => {
  const graph = aGraph();

  const result = await grants().grantRoles([ofGraph('AppRoleAssignment.ReadWrite.All')]);

  expect(result.failure).toMatchObject({ problem: 'tier_zero' });
  expect(graph.posts).toEqual([]);
});

test('a role that the tenant knows under another id is not granted', async () => {
  const graph = aGraph({ roleIds: { 'Mail.Send': '00000000-0000-4000-8000-00000000beef' } });

  const result = await grants().grantRoles([ofGraph('Mail.Send')]);

  expect(result.failure).toMatchObject({ problem: 'role_unknown' });
  expect(graph.posts).toEqual([]);
});

describe('what goes wrong is a value', () => {
  test.each([
    [403, 'Authorization_RequestDenied', {}, { problem: 'account_not_allowed' }],
    [429, 'TooManyRequests', { 'retry-after': '17' }, { problem: 'throttled', retryAfterSeconds: 17 }],
    [401, 'InvalidAuthenticationToken', {}, { problem: 'token_refused' }],
    [503, 'ServiceUnavailable', {}, { problem: 'unavailable' }],
    [400, 'Request_BadRequest', {}, { problem: 'unexpected' }],
  ])('%i %s', async (status, code, headers, failure) => {
    const graph = aGraph();
    let posts = 0;
    graph.onPost = () => {
      posts += 1;
      return HttpResponse.json(
        { error: { code, message: 'for people' } },
        { status, headers: { 'request-id': 'r1', ...headers } },
      );
    };

    const result = await grants().grantRoles([ofGraph('Mail.Send'), ofGraph('Mail.Read')]);

    expect(result).toMatchObject({
      changed: [],
      failure: { ...failure, role: ofGraph('Mail.Send'), technical: `HTTP ${status} · ${code} · r1` },
    });
    expect(posts).toBe(1);
  });

  test('what was done before a failure is told', async () => {
    const graph = aGraph();
    graph.onPost = (appRoleId) =>
      appRoleId === appRoleIds['Mail.Read'] ? HttpResponse.json({}, { status: 503 }) : undefined;

    const result = await grants().grantRoles([ofGraph('Mail.Send'), ofGraph('Mail.Read'), ofGraph('Contacts.Read')]);

    expect(result).toMatchObject({
      changed: [ofGraph('Mail.Send')],
      failure: { problem: 'unavailable', role: ofGraph('Mail.Read') },
    });
  });

  test('an application that is not in the tenant, a network that is not there', async () => {
    service.use(http.get(`${root}/v1.0/*`, () => HttpResponse.json({ error: { code: 'x' } }, { status: 404 })));
    expect(await grants().list()).toMatchObject({ ok: false, failure: { problem: 'application_unknown' } });

    service.use(http.get(`${root}/v1.0/*`, () => HttpResponse.error()));
    expect(await grants().list()).toMatchObject({ ok: false, failure: { problem: 'unreachable' } });
  });

  test.each(['declined', 'popup_blocked', 'consent_required'] as const)(
    'Microsoft was not allowed to give a token: %s',
    async (kind) => {
      const graph = aGraph();
      const refused = grants(async () => {
        throw new SignInFailure(kind, 'told by MSAL');
      });

      expect(await refused.grantRoles([ofGraph('Mail.Send')])).toMatchObject({
        failure: { problem: 'sign_in', kind, technical: 'told by MSAL' },
      });
      expect(graph.posts).toEqual([]);
    },
  );

  test('a next link to another host gets no token', async () => {
    aGraph({ nextLink: 'https://evil.example/v1.0/servicePrincipals' });
    expect(await grants().list()).toMatchObject({ ok: false, failure: { problem: 'unexpected' } });
  });
});
