import { expect, test } from 'vitest';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { northRegistration } from '../../src/sandbox/tenant/registration.ts';
import { type Bench, claimsOf, startBench } from './bench.ts';
import { open, submit, textOf } from './browser.ts';

const north = { client_id: northRegistration.clientId, client_secret: northRegistration.clientSecret };
const both = { registrations: [northRegistration] };

function consentAddress({ sandbox: { registration, tenant, url } }: Bench): string {
  const parameters = new URLSearchParams({
    client_id: northRegistration.clientId,
    redirect_uri: registration.redirectUris.web[0] ?? '',
    scope: `${url}/.default`,
    state: 'the state',
  });
  return `${url}/${tenant.id}/v2.0/adminconsent?${parameters}`;
}

test('an application that nobody consented to is not in the tenant, whatever the other one holds', async () => {
  await using bench = await startBench(both);
  bench.sandbox.tenant.grants.grant('Mail.Read');

  expect((await bench.token(north)).body).toMatchObject({ error: 'unauthorized_client', error_codes: [700016] });
  expect((await bench.token()).status).toBe(200);
});

test.each<[what: string, parameters: Record<string, string>]>([
  ['the other application with the own secret', { client_id: northRegistration.clientId }],
  ['the own application with the other secret', { client_secret: northRegistration.clientSecret }],
])('a secret proves its own application only: %s', async (_what, parameters) => {
  await using bench = await startBench(both);
  const [, other] = bench.sandbox.registrations;
  if (other) bench.sandbox.tenant.grants.addApplication(undefined, other);

  const answer = await bench.token(parameters);

  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [7000215] } });
});

test('consent is for the application that asks: its own principal, its own roles, nothing for the other one', async () => {
  await using bench = await startBench({ ...both, applicationInTenant: false });

  const permissions = await submit(await open(consentAddress(bench)), {
    other: namedPeople.ada.userPrincipalName,
    decision: 'next',
  });
  await submit(permissions, { decision: 'accept' });

  expect(textOf(permissions)).toContain('Mailbox Access North');
  const { appid, roles } = claimsOf((await bench.token(north)).body.access_token);
  expect([appid, roles]).toEqual([northRegistration.clientId, expect.arrayContaining(['Mail.ReadBasic.All'])]);
  expect((await bench.token()).body).toMatchObject({ error_codes: [700016] });
  expect(bench.sandbox.tenant.grants.application).toBeUndefined();
});

test('a policy of one application does not confine the other one', async () => {
  await using bench = await startBench({ ...both, settings: { exchangePropagationSeconds: 0 } });
  const { tenant, registrations } = bench.sandbox;
  const [, other] = registrations;
  if (!other) throw new Error('There is no second application.');
  const own = await bench.appToken('Mail.Read');
  tenant.grants.grantTo(other, 'Mail.Read');
  const [group] = tenant.groups.values();
  const members = new Set(tenant.transitiveMemberIds(group?.id ?? ''));
  const outside = tenant.people.find(({ id, mailbox }) => mailbox.state === 'available' && !members.has(id));
  tenant.exchange.addPolicy({
    appId: other.clientId,
    groupId: group?.id ?? '',
    accessRight: 'RestrictAccess',
    description: '',
  });
  const path = `/users/${outside?.id}/mailFolders/inbox?$select=id`;

  expect((await bench.graph(own, path)).status).toBe(200);
  const { access_token: token } = (await bench.token(north)).body;
  expect((await bench.graph(token, path)).status).toBe(403);
});
