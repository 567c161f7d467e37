import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { MailboxScope } from '../../src/contract/mailbox-scope.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { exchangeOnlineAppId } from '../../src/sandbox/tenant/permissions.ts';
import { type Bench, type BenchOptions, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';
import { changeMadeAt, intend } from '../support/intended-scope.ts';

const directory = ['User.Read.All', 'Application.Read.All'];

/** A verified tenant whose first look was taken. */
async function arrange(options: BenchOptions = {}) {
  const bench = await startBench({
    granted: [...directory, ...mailboxPermissions],
    environment: { RECHECK_MINUTES: '60' },
    ...options,
    sandbox: { settings: { exchangePropagationSeconds: 0 }, ...options.sandbox },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(namedPeople.grace.id)]);
  await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
  return { bench, admin, organizationId };
}

async function look(bench: Bench) {
  bench.clock.advance(61 * 60_000);
  await bench.service.lookForDrift();
  await bench.queue.drain();
}

async function found(bench: Bench) {
  return bench.service.database.db
    .selectFrom('scope_drifts')
    .select(['id', 'what', 'subject', 'capabilities', 'by'])
    .where('tenant_id', '=', bench.tenantId as TenantId)
    .where('dismissed_at', 'is', null)
    .orderBy('what')
    .orderBy('subject')
    .execute();
}

const activities = async (admin: TestAdmin, type: string) =>
  (await admin.call(api.listActivity, { query: { limit: 100 } })).activities.filter((one) => one.type === type);

describe('what is granted', () => {
  test('an application that is disabled, and enabled again, is seen each time', async () => {
    const { bench, admin, organizationId } = await arrange();
    await using _ = bench;
    const consent = () => admin.call(api.getConsent, { params: { organizationId } });
    const application = bench.sandbox.tenant.grants.application as { accountEnabled: boolean };
    application.accountEnabled = false;
    await look(bench);
    const disabled = await consent();
    application.accountEnabled = true;
    await look(bench);

    expect(disabled).toMatchObject({ state: 'not_authorized', problem: 'application_disabled' });
    expect(await consent()).toMatchObject({ state: 'authorized', problem: null });
    expect(await found(bench)).toEqual([]);
  });

  test('a verification that Entra kept from happening is made up for', async () => {
    const { bench, admin, organizationId } = await arrange();
    await using _ = bench;
    const answer = { status: 503, body: {} };
    bench.sandbox.faults.add({ match: { path: /oauth2\/v2\.0\/token/ }, answer });
    const delayed = await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    bench.sandbox.faults.clear();
    await look(bench);

    expect(delayed).toMatchObject({ state: 'unknown', problem: 'entra_unavailable' });
    expect(delayed.verifiedAt).not.toBeNull();
    expect(await admin.call(api.getConsent, { params: { organizationId } })).toMatchObject({ state: 'authorized' });
  });

  test('nothing changed is nothing found, and looks keep their distance', async () => {
    const { bench } = await arrange();
    await using _ = bench;
    await look(bench);
    bench.sandbox.requests.clear();
    bench.clock.advance(30 * 60_000);
    await bench.service.lookForDrift();
    await bench.queue.drain();

    expect(await found(bench)).toEqual([]);
    expect(bench.sandbox.requests.to(/servicePrincipals/)).toEqual([]);
  });

  test.each([
    ['as the directory lists it', directory],
    ['as tokens carry it', ['User.Read.All']],
  ])('a revoked permission names the feature that stops, and the consent knows at once, %s', async (_name, more) => {
    const { bench, admin, organizationId } = await arrange({ granted: [...more, ...mailboxPermissions] });
    await using _ = bench;
    bench.sandbox.tenant.grants.revokeRoles('Calendars.Read');

    await look(bench);
    await look(bench);

    expect(await found(bench)).toMatchObject([
      { what: 'grant_removed', subject: 'Calendars.Read', capabilities: ['calendar'], by: null },
    ]);
    expect(await activities(admin, 'drift.found')).toMatchObject([
      { by: null, details: { what: 'grant_removed', subject: 'Calendars.Read' } },
    ]);
    const consent = await admin.call(api.getConsent, { params: { organizationId } });
    expect(consent.permissions).toContainEqual(expect.objectContaining({ capability: 'calendar', state: 'missing' }));
  });

  test('a permission more is found, and its removal takes the finding back', async () => {
    const { bench } = await arrange();
    await using _ = bench;
    bench.sandbox.tenant.grants.grant('Mail.ReadWrite');
    await look(bench);
    const added = await found(bench);
    bench.sandbox.tenant.grants.revokeRoles('Mail.ReadWrite');
    await look(bench);

    expect(added).toMatchObject([{ what: 'grant_added', subject: 'Mail.ReadWrite', capabilities: ['mail'] }]);
    expect(await found(bench)).toEqual([]);
  });

  test('the application is gone', async () => {
    const { bench } = await arrange();
    await using _ = bench;
    bench.sandbox.tenant.grants.deleteApplication();
    await look(bench);

    expect(await found(bench)).toMatchObject([
      { what: 'application_removed', subject: bench.sandbox.registration.clientId },
    ]);
  });

  test('Entra that does not answer is no finding', async () => {
    const { bench } = await arrange();
    await using _ = bench;
    bench.sandbox.faults.add({ match: { path: /\/token$/ }, answer: { status: 503, body: {} } });
    await look(bench);

    expect(await found(bench)).toEqual([]);
  });

  test('what a change of the limit takes away is no finding', async () => {
    const { bench } = await arrange();
    await using _ = bench;
    await changeMadeAt(bench, bench.clock.now());
    bench.sandbox.tenant.grants.revokeRoles('Calendars.Read');
    await look(bench);

    expect(await found(bench)).toEqual([]);
  });

  test('a grant that was verified here is no finding', async () => {
    const { bench, admin, organizationId } = await arrange();
    await using _ = bench;
    bench.sandbox.tenant.grants.grant('Mail.Send');
    await admin.call(api.verifyConsent, { params: { organizationId }, body: {} });
    await look(bench);

    expect(await found(bench)).toEqual([]);
  });
});

describe('an intended limit', () => {
  async function limited(options: BenchOptions = {}) {
    const arranged = await arrange({
      ...options,
      sandbox: { people: 120, settings: { exchangePropagationSeconds: 0 } },
    });
    const { bench } = arranged;
    const { tenant } = bench.sandbox;
    const policy = tenant.exchange.addPolicy({
      appId: bench.sandbox.registration.clientId,
      groupId: namedGroups.sales.id,
      accessRight: 'RestrictAccess',
      description: '',
    });
    const memberIds = tenant.transitiveMemberIds(namedGroups.sales.id).filter((id) => tenant.find(id));
    await intend(bench, { memberIds });
    await look(bench);
    return { ...arranged, policy };
  }

  test('is proved again, and mailboxes that opened meanwhile are found and exposed', async () => {
    const { bench, admin, policy } = await limited();
    await using _ = bench;
    const before = await found(bench);
    bench.sandbox.tenant.exchange.remove(policy);
    await look(bench);

    expect(before).toEqual([]);
    expect(await found(bench)).toMatchObject([{ what: 'mailboxes_exposed', subject: 'Sales' }]);
    expect(await activities(admin, 'scope.leak_found')).toHaveLength(1);
  });

  test('that holds again ends the finding', async () => {
    const { bench, policy } = await limited();
    await using _ = bench;
    bench.sandbox.tenant.exchange.remove(policy);
    await look(bench);
    bench.sandbox.tenant.exchange.addPolicy({ ...policy });
    await look(bench);

    expect(await found(bench)).toEqual([]);
  });

  test('is not proved beside a change that is under way', async () => {
    const { bench } = await limited();
    await using _ = bench;
    await changeMadeAt(bench, null);
    bench.sandbox.requests.clear();
    await look(bench);

    expect(bench.sandbox.requests.to(/\$batch/)).toEqual([]);
  });
});

test('a finding is dismissed once, by an admin, and stays in the activity', async () => {
  const { bench, admin } = await arrange();
  await using _ = bench;
  bench.sandbox.tenant.grants.grant('Mail.Send');
  await look(bench);
  const [drift] = await found(bench);
  const params = { driftId: drift?.id as MailboxScope['drifts'][number]['id'] };

  await admin.call(api.dismissScopeDrift, { params, body: {} });

  expect(await found(bench)).toEqual([]);
  expect(await activities(admin, 'drift.dismissed')).toMatchObject([{ by: 'Ada Lovelace' }]);
  expect(await activities(admin, 'drift.found')).toHaveLength(1);
  await expect(admin.call(api.dismissScopeDrift, { params, body: {} })).rejects.toMatchObject({
    problem: { code: 'scope.drift_not_found' },
  });
});

test('a new reading of Exchange says what differs from the one before, once', async () => {
  const { bench, admin } = await arrange({
    environment: { EXCHANGE_GATEWAY: 'application', RECHECK_MINUTES: '60' },
  });
  await using _ = bench;
  const { exchange, grants } = bench.sandbox.tenant;
  const { id: objectId, appId } = grants.addApplication();
  grants.grantFor(exchangeOnlineAppId, 'Exchange.ManageAsApp');
  grants.addApplication().directoryRoles.push('exchangeAdministrator');
  exchange.addServicePrincipal({ appId, objectId, displayName: 'Mailbox Access' });
  await admin.call(api.readEnforcedScope, { body: {} });
  const first = await found(bench);
  exchange.addAssignment({
    name: 'Everybody',
    objectId,
    role: 'Application Mail.Read',
    scope: { kind: 'organization' },
  });

  await look(bench);
  await look(bench);

  expect(first).toEqual([]);
  const ofExchange = (await found(bench)).filter(({ what }) => what.startsWith('assignment'));
  expect(ofExchange).toMatchObject([{ what: 'assignment_added', subject: 'Application Mail.Read (Everybody)' }]);
});

test('with RECHECK_MINUTES=0 nothing is looked at', async () => {
  const { bench } = await arrange({ environment: { RECHECK_MINUTES: '0' } });
  await using _ = bench;
  bench.sandbox.tenant.grants.grant('Mail.Send');
  await look(bench);

  expect(await found(bench)).toEqual([]);
});
