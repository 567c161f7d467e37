import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { CheckId, UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { asNewUser, type BenchOptions, mailboxPermissions, startBench } from '../support/bench.ts';
import { intend } from '../support/intended-scope.ts';

const hostile = '<img src=x onerror=alert(1)> \u202EeciffO & "Söhne"';

/** An organization of everybody, and shorthands for its checks and their reports. */
async function arrange(options: BenchOptions = {}) {
  const bench = await startBench({ granted: ['User.Read.All', ...mailboxPermissions], ...options });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  const params = { organizationId };
  await admin.call(api.updateOrganization, { params, body: { name: hostile } });
  await admin.call(api.verifyConsent, { params, body: {} });

  async function start(): Promise<CheckId> {
    bench.clock.advance(60_000);
    return (await admin.call(api.startConnectivityCheck, { params, body: {} })).check.id;
  }
  async function checkAll(): Promise<CheckId> {
    const id = await start();
    await bench.queue.drain();
    return id;
  }
  async function reportOf(checkId: CheckId) {
    const response = await admin.send(api.downloadCheckReport, { params: { checkId } });
    return { response, ...read(await response.text()) };
  }
  return { bench, admin, organizationId, start, checkAll, reportOf };
}

/** What a page says; that it is read so by a browser is proved beside its writer. */
function read(page: string, title = 'Evidence report: mailbox connectivity') {
  const textOf = (markup = '') =>
    markup
      .replace(/<[^>]*>/g, '')
      .replace(
        /&(lt|gt|quot|amp|#39);/g,
        (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name] ?? "'",
      );
  /** Rows of the table under a heading, or of the first one. */
  const rows = (heading = title) => {
    const [, under = ''] = page.split(`${heading}</h`);
    const [, body = ''] = /<tbody>(.*?)<\/tbody>/s.exec(under) ?? [];
    return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => textOf(cell)),
    );
  };
  const [, state] = /<p class="state">(.*?)<\/p>/s.exec(page) ?? [];
  const [, body] = /<body>(.*)<\/body>/s.exec(page) ?? [];
  return { page, rows, standing: textOf(state), text: textOf(body) };
}

test('a report says what a check found, with its ids, consent, the check before and who did what', async () => {
  const { bench, admin, organizationId, checkAll, reportOf } = await arrange();
  await using _ = bench;
  const earlier = await checkAll();
  const lost = bench.sandbox.tenant.people.findLast(({ mailbox }) => mailbox.state === 'available');
  bench.sandbox.tenant.person(lost?.id ?? '').mailbox.state = 'notEnabled';
  const checkId = await checkAll();
  const check = await admin.call(api.getConnectivityCheck, { params: { checkId } });

  const { standing, rows, text } = await reportOf(checkId);

  const facts = Object.fromEntries(rows());
  expect(standing).toBe(`Complete: ${check.done} of ${check.total} mailboxes have a result.`);
  expect(facts).toMatchObject({
    Tenant: bench.tenantId,
    Application: bench.sandbox.registration.clientId,
    Organization: expect.stringContaining(organizationId),
    Check: checkId,
    State: 'Completed',
    Ended: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
    Report: expect.stringMatching(/by Mailbox Access \d+\.\d+\.\d+$/),
  });
  expect(rows('What was found')).toContainEqual(['Blocked', String(check.counts.blocked)]);
  expect(rows('What was found').at(-1)).toEqual(['All with a result', String(check.done)]);
  expect(rows('Why mailboxes are not working')).toHaveLength(check.causes.length);
  expect(text).toContain(`Check ${earlier}, ended`);
  expect(rows('Against the check before')[0]).toEqual(['are “Blocked” and were something else', '1']);
  expect(rows('Consent')[0]?.slice(0, 2)).toEqual([expect.stringContaining(organizationId), 'Authorized']);
  const done = rows('Who did what meanwhile').map(([, what, who]) => [what, who]);
  expect(done[0]).toEqual(['Check started', expect.stringContaining(admin.userId)]);
  expect(done.at(-1)?.[0]).toBe('Check ended');
});

test('fault 89: a name is a text in the report, and the page may run nothing', async () => {
  const { bench, checkAll, reportOf } = await arrange();
  await using _ = bench;

  const { page, text, response } = await reportOf(await checkAll());

  expect(text).toContain('<img src=x onerror=alert(1)> [U+202E]eciffO & "Söhne"');
  expect(page).not.toMatch(/<(img|script|iframe|link|a|form|object)\b|<[^>]* (on\w+|style|src|href)=|\u202E/i);
  expect(page).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'">/,
  );
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="check-report_[\da-f]{8}_completed_\d{8}T\d{6}Z\.html"/,
  );
});

test('fault 82: of a check that is paused or cancelled it says that this is not all', async () => {
  const { bench, admin, start, reportOf } = await arrange({
    sandbox: { people: 150 },
    // Some seconds for everybody.
    service: { pace: { startRate: 200, ceiling: 200 } },
  });
  await using _ = bench;
  const checkId = await start();
  const params = { checkId };
  await admin.call(api.pauseConnectivityCheck, { params, body: {} });
  await bench.queue.drain();

  const paused = await reportOf(checkId);
  await admin.call(api.cancelConnectivityCheck, { params, body: {} });
  const cancelled = await reportOf(checkId);

  expect(paused.standing).toMatch(/^Interim: the check is paused by an admin\. \d+ of \d+ mailboxes have a result\.$/);
  expect(paused.text).toContain('A check is compared when it has ended.');
  expect(cancelled.standing).toMatch(/^Partial: the check was cancelled\. \d+ of \d+ mailboxes have a result\.$/);
  expect(cancelled.rows('Who did what meanwhile').map(([, what]) => what)).toEqual(
    expect.arrayContaining(['Check started', 'Check paused', 'Check cancelled']),
  );
});

test('a proof of the limit is part of it, with both sides', async () => {
  const { bench, admin, checkAll, reportOf } = await arrange();
  await using _ = bench;
  const [person] = bench.sandbox.tenant.people;
  await intend(bench, { memberIds: [person?.id ?? ''] });
  const { id: proofId } = await admin.call(api.startScopeProof, { body: {} });
  await bench.queue.drain();

  const { text, rows } = await reportOf(await checkAll());

  expect(text).toContain(`Proof ${proofId}`);
  expect(rows('Proof of the limit').map(([side]) => side)).toEqual(['Should be in reach', 'Should stay closed']);
});

test('each report is one line of the activity', async () => {
  const { bench, admin, checkAll, reportOf } = await arrange();
  await using _ = bench;
  const checkId = await checkAll();

  await reportOf(checkId);

  const { activities } = await admin.call(api.listActivity);
  expect(activities.filter(({ type }) => type === 'check.reported')).toHaveLength(1);
  expect(activities[0]).toMatchObject({ type: 'check.reported', organizationName: hostile, details: { checkId } });
});

test('the report of a migration says where everybody is, why, how the limit was proved and who did what', async () => {
  const { bench, admin, organizationId } = await arrange();
  await using _ = bench;
  const { tenant } = bench.sandbox;
  const [grace, linus] = [tenant.person(namedPeople.grace.id), tenant.person(namedPeople.linus.id)];
  const userIds = [grace, linus].map(({ id }) => id as UserId);
  const { id: origin } = await admin.call(api.createOrganization, {
    body: { name: 'Origin', externalId: 'origin', connectionType: 'ews_impersonation' },
  });
  await admin.call(api.removeUsers, { body: { userIds, force: true } });
  await admin.call(api.addUsers, {
    params: { organizationId: origin },
    body: { users: [grace, linus].map(asNewUser) },
  });
  await admin.call(api.moveUsers, { params: { organizationId }, body: { userIds } });
  await intend(bench, { memberIds: [grace.id] });
  const { id: proofId } = await admin.call(api.startScopeProof, { body: {} });
  await bench.queue.drain();
  await admin.call(api.startEwsMigration, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  const [migration] = (await admin.call(api.listEwsMigrations)).migrations;
  if (!migration) throw new Error('There is no migration.');

  const response = await admin.send(api.downloadMigrationReport, { params: { migrationId: migration.id } });
  const { standing, rows, text, page } = read(await response.text(), 'Evidence report: leaving Exchange Web Services');

  expect(migration.rings.map(({ state }) => state)).toEqual(['held']);
  expect(standing).toMatch(/^Interim: the ring “Canary” is held, because more mailboxes could not be opened/);
  expect(Object.fromEntries(rows())).toMatchObject({
    Tenant: bench.tenantId,
    Migration: migration.id,
    Organization: expect.stringContaining(organizationId),
    'Started by': expect.stringContaining(admin.userId),
  });
  expect(rows('Rings')[0]?.[2]).toBe(migration.rings[0]?.check?.id);
  const everybody = rows('Where everybody is');
  const columnSum = everybody.slice(0, -1).reduce((sum, row) => sum + Number(row.at(-1)), 0);
  expect(everybody.at(-1)).toEqual(['All', '2', '2']);
  expect(columnSum).toBe(2);
  expect(rows('Who could not be moved').map(([name]) => name)).toContain('Linus Pauling');
  expect(text).toContain(`Proof ${proofId}`);
  expect(rows('Who did what meanwhile').map(([, what]) => what)).toEqual(
    expect.arrayContaining([
      'Migration from Exchange Web Services started',
      'Ring started',
      'Check ended',
      'Ring held',
    ]),
  );
  // The organization's name is hostile here.
  expect(page).not.toMatch(/<(img|script|iframe|link|a|form|object)\b|<[^>]* (on\w+|style|src|href)=|\u202E/i);
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="migration-report_[\da-f]{8}_running_\d{8}T\d{6}Z\.html"/,
  );
  const { activities } = await admin.call(api.listActivity);
  expect(activities[0]).toMatchObject({ type: 'migration.reported', details: { migrationId: migration.id } });
});
