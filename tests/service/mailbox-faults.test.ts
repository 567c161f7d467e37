import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { OrganizationId, UserId } from '../../src/domain/ids.ts';
import type { FaultAnswer, FaultMatch } from '../../src/sandbox/faults.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, type BenchOptions, mailboxPermissions, startBench, type TestAdmin } from '../support/bench.ts';

const grace = namedPeople.grace.id as UserId;

async function checkEverybody(bench: Bench, admin: TestAdmin, organizationId: OrganizationId) {
  const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  return admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
}

/** Checks Grace alone, with this fault in the way. */
async function checkGrace(
  fault: { path?: RegExp; mailbox?: string; times?: number },
  answer: FaultAnswer,
  options: BenchOptions = {},
) {
  await using bench = await startBench({ granted: mailboxPermissions, ...options });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);
  bench.sandbox.faults.add({ match: { path: /users\/47378190/, ...fault }, answer });
  const check = await checkEverybody(bench, admin, organizationId);
  const user = await admin.call(api.getUser, { params: { userId: grace } });
  const mail = user.capabilities.find(({ capability }) => capability === 'mail');
  return { check, user, mail, batches: bench.sandbox.requests.to(/\$batch/).length };
}

/** Checks some hundred mailboxes that all work, several calls at a time, with these faults in the way. */
async function checkMany(...faults: readonly { match: FaultMatch; answer: FaultAnswer }[]) {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { people: 600, settings: { graphLatencyMs: 20 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const people = bench.sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available');
  const organizationId = await bench.organizationWith(admin, people);
  bench.sandbox.requests.clear();
  for (const fault of faults) bench.sandbox.faults.add(fault);
  const check = await checkEverybody(bench, admin, organizationId);
  return { people: people.length, check, requests: bench.sandbox.requests };
}

const error = (code: string, message = 'text that nobody reads') => ({
  error: { code, message, innerError: { 'request-id': 'r-1' } },
});

describe('one answer, one reason', () => {
  test.each<[string, FaultAnswer, string, string]>([
    [
      'fault 133: 403 ErrorAccessDenied by a policy',
      { status: 403, body: error('ErrorAccessDenied', 'Access to OData is disabled.') },
      'blocked',
      'policy.application_access_policy',
    ],
    [
      'fault 133: 403 ErrorAccessDenied by Exchange',
      { status: 403, body: error('ErrorAccessDenied', 'Access is denied.') },
      'blocked',
      'access.denied_by_exchange',
    ],
    [
      '403 in other case',
      { status: 403, body: error('erroraccessdenied', 'Access is denied.') },
      'blocked',
      'access.denied_by_exchange',
    ],
    [
      'fault 134: 403 Authorization_RequestDenied',
      { status: 403, body: error('Authorization_RequestDenied') },
      'blocked',
      'consent.permission_missing',
    ],
    [
      '403 insufficient_claims',
      {
        status: 403,
        headers: { 'WWW-Authenticate': 'Bearer error="insufficient_claims"' },
        body: error('accessDenied'),
      },
      'blocked',
      'policy.conditional_access',
    ],
    [
      'fault 135: 404 MailboxNotEnabledForRESTAPI',
      { status: 404, body: error('MailboxNotEnabledForRESTAPI') },
      'blocked',
      'mailbox.not_in_exchange_online',
    ],
    [
      'fault 135: 404 MailboxNotSupportedForRESTAPI',
      { status: 404, body: error('MailboxNotSupportedForRESTAPI') },
      'blocked',
      'mailbox.type_not_supported',
    ],
    ['fault 135: 404 ResourceNotFound', { status: 404, body: error('ResourceNotFound') }, 'blocked', 'mailbox.none'],
    ['fault 135: 404 ErrorInvalidUser', { status: 404, body: error('ErrorInvalidUser') }, 'blocked', 'mailbox.none'],
    [
      'fault 135: 404 Request_ResourceNotFound',
      { status: 404, body: error('Request_ResourceNotFound') },
      'blocked',
      'mailbox.not_in_directory',
    ],
    [
      'fault 135: 503 ErrorMailboxMoveInProgress',
      { status: 503, body: error('ErrorMailboxMoveInProgress') },
      'could_not_tell',
      'microsoft.mailbox_moving',
    ],
    ['403 without a code', { status: 403, body: {} }, 'could_not_tell', 'microsoft.unexpected_answer'],
    ['404 without a code', { status: 404, body: {} }, 'could_not_tell', 'microsoft.unexpected_answer'],
    ['418', { status: 418, body: error('teapot') }, 'could_not_tell', 'microsoft.unexpected_answer'],
    [
      'fault 123: 500 for good',
      { status: 500, body: error('ErrorInternalServerError') },
      'could_not_tell',
      'microsoft.unavailable',
    ],
    [
      'fault 123: 502 for good',
      { status: 502, body: error('UnknownError', '') },
      'could_not_tell',
      'microsoft.unavailable',
    ],
    [
      'fault 123: 503 for good',
      { status: 503, body: error('serviceNotAvailable') },
      'could_not_tell',
      'microsoft.unavailable',
    ],
    [
      'fault 123: 504 for good',
      { status: 504, body: error('UnknownError', '') },
      'could_not_tell',
      'microsoft.unavailable',
    ],
    [
      'fault 123: 507 for good',
      { status: 507, body: error('InsufficientStorage') },
      'could_not_tell',
      'microsoft.unavailable',
    ],
    [
      'fault 123: 509 for good',
      { status: 509, body: error('BandwidthLimitExceeded') },
      'could_not_tell',
      'microsoft.unavailable',
    ],
    [
      'fault 120: 429 for good',
      { status: 429, headers: { 'Retry-After': '1' }, body: error('TooManyRequests') },
      'could_not_tell',
      'microsoft.throttled',
    ],
    [
      'fault 132: 401 for good',
      { status: 401, body: error('InvalidAuthenticationToken') },
      'could_not_tell',
      'microsoft.token_unavailable',
    ],
    ['fault 127: 200 with nothing', { status: 200, body: '' }, 'could_not_tell', 'microsoft.unexpected_answer'],
    ['fault 127: 200 with null', { status: 200, body: 'null' }, 'could_not_tell', 'microsoft.unexpected_answer'],
    ['fault 127: 200 with a list', { status: 200, body: [] }, 'could_not_tell', 'microsoft.unexpected_answer'],
    [
      'fault 127: 200 with HTML',
      { status: 200, html: '<h1>proxy</h1>' },
      'could_not_tell',
      'microsoft.unexpected_answer',
    ],
    [
      'fault 127: 200 with another shape',
      { status: 200, body: { id: 7, totalItemCount: 'many' } },
      'could_not_tell',
      'microsoft.unexpected_answer',
    ],
    [
      'fault 128: 200 about another mailbox',
      {
        status: 200,
        body: {
          '@odata.context': "https://graph/$metadata#users('6b65a6a4-8b81-48f6-b38a-088ca65ed389')/mailFolders/$entity",
          id: 'x',
          totalItemCount: 1,
          value: [],
        },
      },
      'could_not_tell',
      'microsoft.unexpected_answer',
    ],
    ['fault 122: left out of the batch', { inBatch: 'omit' }, 'could_not_tell', 'microsoft.unexpected_answer'],
    ['fault 122: given twice in the batch', { inBatch: 'repeat' }, 'could_not_tell', 'microsoft.unexpected_answer'],
  ])('%s', async (_name, answer, status, reason) => {
    const { check, user } = await checkGrace({}, answer);

    expect(user.access).toMatchObject({ status, reason });
    expect(check).toMatchObject({ state: 'completed', done: 1, switched: 0 });
  });
});

describe('what passes by itself is waited for', () => {
  test.each<[string, FaultAnswer]>([
    ['fault 118: 429 with seconds', { status: 429, headers: { 'Retry-After': '3' }, body: error('TooManyRequests') }],
    [
      'fault 119: 429 with a date',
      { status: 429, headers: { 'Retry-After': new Date(Date.now() + 3000).toUTCString() }, body: {} },
    ],
    ['fault 119: 429 with zero', { status: 429, headers: { 'Retry-After': '0' }, body: {} }],
    ['fault 119: 429 with less than zero', { status: 429, headers: { 'Retry-After': '-7' }, body: {} }],
    ['fault 119: 429 with junk', { status: 429, headers: { 'Retry-After': 'abc' }, body: {} }],
    ['fault 119: 429 without a header', { status: 429, body: error('ApplicationThrottled') }],
    ['500', { status: 500, body: {} }],
    ['HTML', { status: 200, html: 'x' }],
    ['401', { status: 401, body: error('InvalidAuthenticationToken') }],
    ['left out of the batch', { inBatch: 'omit' }],
  ])('%s once', async (_name, answer) => {
    const { user } = await checkGrace({ path: /mailFolders/, times: 1 }, answer);
    expect(user.access).toMatchObject({ status: 'working', reason: 'connected' });
  });

  test.each<[string, FaultAnswer]>([
    [
      'fault 118: 429 for the whole call',
      { status: 429, headers: { 'retry-after': '2' }, body: error('TooManyRequests') },
    ],
    ['503 for the whole call', { status: 503, headers: { 'retry-after': '2' }, body: {} }],
    ['500 for the whole call', { status: 500, html: 'x' }],
    ['HTML for the whole call', { status: 200, html: 'x' }],
    ['fault 126: a cut body', { status: 200, body: { responses: [] }, truncate: true }],
    ['fault 124: a connection that is reset', { reset: true }],
    ['fault 127: a byte order mark', { status: 200, body: '\uFEFF{"responses":[]}' }],
    ['fault 127: a hundred thousand brackets', { status: 200, body: '['.repeat(100_000) }],
    [
      'fault 122: an answer to nobody’s question',
      { status: 200, body: { responses: [{ id: 'evil', status: 200, body: {} }] } },
    ],
    ['fault 132: 401 for the whole call', { status: 401, body: error('InvalidAuthenticationToken') }],
  ])('%s once', async (_name, answer) => {
    const { user, batches } = await checkGrace({ path: /\$batch/, times: 1 }, answer);

    expect(user.access).toMatchObject({ status: 'working', reason: 'connected' });
    expect(batches).toBeLessThanOrEqual(3);
  });
});

describe('many calls that are lost at once are one loss, and the run goes on', () => {
  test.each<[string, FaultAnswer]>([
    ['fault 124: connections that are reset', { reset: true }],
    ['fault 123: 503 without Retry-After', { status: 503, body: {} }],
    ['fault 118: 429 with a short Retry-After', { status: 429, headers: { 'Retry-After': '2' }, body: {} }],
    ['fault 119: 429 with Retry-After 0', { status: 429, headers: { 'Retry-After': '0' }, body: {} }],
  ])('%s', async (_name, answer) => {
    const { people, check } = await checkMany({ match: { path: /\$batch/, nth: 10, times: 12 }, answer });
    expect(check).toMatchObject({ state: 'completed', counts: { working: people } });
  });
});

describe('fault 122: a batch that is refused says nothing of its mailboxes', () => {
  test.each([
    [403, 'ErrorAccessDenied'],
    [403, 'Authorization_RequestDenied'],
    [404, 'ResourceNotFound'],
    [404, 'Request_ResourceNotFound'],
    [400, 'BadRequest'],
  ])('%d %s, once', async (status, code) => {
    const { people, check } = await checkMany({
      match: { path: /\$batch/, times: 1 },
      answer: { status, body: error(code) },
    });
    expect(check).toMatchObject({ state: 'completed', counts: { working: people } });
  });

  test('403 for every call', async () => {
    const answer = { status: 403, body: error('ErrorAccessDenied') };
    const { people, check } = await checkMany({ match: { path: /\$batch/ }, answer });
    expect(check.causes).toEqual([{ reason: 'microsoft.unexpected_answer', status: 'could_not_tell', count: people }]);
  });
});

test('fault 119: who is told to come back at once is asked less and less often, and found out', async () => {
  const answer = { status: 429, headers: { 'Retry-After': '0' }, body: error('TooManyRequests') };
  const { user, batches } = await checkGrace({ path: /mailFolders/, times: 12 }, answer);
  expect(user.access).toMatchObject({ status: 'working', reason: 'connected' });
  expect(batches).toBeLessThanOrEqual(14);
});

describe('when nobody answers, the run ends without a false denial', () => {
  test.each<[string, FaultAnswer, string]>([
    [
      'fault 120: 429 for every call',
      { status: 429, headers: { 'retry-after': '10' }, body: {} },
      'microsoft.throttled',
    ],
    ['500 for every call', { status: 500, body: {} }, 'microsoft.unavailable'],
    ['fault 124: connections that are reset', { reset: true }, 'microsoft.unreachable'],
    ['fault 126: cut bodies', { status: 200, body: { responses: [] }, truncate: true }, 'microsoft.unreachable'],
    [
      'fault 129: a redirect to another host',
      { status: 302, headers: { location: 'https://evil.example/' } },
      'microsoft.unexpected_answer',
    ],
    ['fault 132: 401 for every call', { status: 401, body: {} }, 'microsoft.token_unavailable'],
  ])('%s', async (_name, answer, reason) => {
    await using bench = await startBench({ granted: mailboxPermissions, sandbox: { people: 300 } });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
    bench.sandbox.requests.clear();
    bench.sandbox.faults.add({ match: { path: /\$batch/ }, answer });

    const check = await checkEverybody(bench, admin, organizationId);

    expect(check).toMatchObject({ state: 'completed', done: check.total, counts: { could_not_tell: check.total } });
    expect(check.causes).toEqual([{ reason, status: 'could_not_tell', count: check.total }]);
    expect(bench.sandbox.requests.to(/\$batch/).length).toBeLessThanOrEqual(150);
  });
});

test('fault 120: after a call that was refused whole nothing is sent for as long as Microsoft asked', async () => {
  const answer = { status: 429, headers: { 'Retry-After': '30' }, body: error('TooManyRequests') };
  const { people, check, requests } = await checkMany({ match: { path: /\$batch/, nth: 3, times: 1 }, answer });

  const batches = requests.to(/\$batch/);
  const refusedAtMs = batches.find(({ status }) => status === 429)?.at.getTime() ?? 0;
  const afterMs = batches.map(({ at }) => at.getTime() - refusedAtMs);
  expect(check).toMatchObject({ state: 'completed', counts: { working: people } });
  // What was on its way when it came, and then what waited.
  expect(afterMs.filter((ms) => ms > 1_000 && ms < 30_000)).toEqual([]);
  expect(afterMs.filter((ms) => ms >= 30_000).length).toBeGreaterThan(0);
});

test('fault 132: a challenge for a new token is met with one, and nothing is asked more than twice for a refused one', async () => {
  const challenge = { 'WWW-Authenticate': 'Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="' };
  const refusal = { status: 401, headers: challenge, body: error('InvalidAuthenticationToken') };
  const once = await checkGrace({ path: /mailFolders/, times: 1 }, refusal);
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);
  bench.sandbox.faults.add({ match: { path: /users\/47378190/ }, answer: refusal });
  bench.sandbox.requests.clear();
  await checkEverybody(bench, admin, organizationId);

  expect(once.user.access).toMatchObject({ status: 'working', reason: 'connected' });
  const asked = Map.groupBy(bench.sandbox.requests.to(/users\/47378190/), ({ path }) => path);
  expect([...asked.values()].map((requests) => requests.length)).toEqual([...asked.keys()].map(() => 2));
  expect(bench.sandbox.requests.to(/oauth2\/v2.0\/token$/).length).toBeLessThanOrEqual(3);
});

test('fault 145: texts that no database takes are one mailbox’s, and the rest of the run goes on', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const people = bench.sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available');
  const organizationId = await bench.organizationWith(admin, people);
  const poison = { code: 'Odd\u0000\ud800Code', innerError: { 'request-id': `\u0000${'r'.repeat(1_000_000)}` } };
  bench.sandbox.faults.add({ match: { path: /users\/47378190/ }, answer: { status: 418, body: { error: poison } } });

  const check = await checkEverybody(bench, admin, organizationId);

  expect(check).toMatchObject({
    state: 'completed',
    done: people.length,
    counts: { working: people.length - 1, could_not_tell: 1 },
  });
  const user = await admin.call(api.getUser, { params: { userId: grace } });
  expect(user.capabilities[0]).toMatchObject({ errorCode: 'Odd\ufffdCode', requestId: 'r'.repeat(100) });
});

test('fault 118: a throttled tenant is checked to the end, and nobody ends as throttled', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: {
      people: 300,
      settings: { throttle: { requestsPerSecond: 400, burst: 100, retryAfterSeconds: 1 }, graphLatencyMs: 20 },
    },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);

  const check = await checkEverybody(bench, admin, organizationId);

  expect(check.state).toBe('completed');
  expect(check.done).toBe(check.total);
  expect(check.causes.map(({ reason }) => reason)).not.toContain('microsoft.throttled');
  expect(bench.sandbox.requests.all.some(({ status }) => status === 429)).toBe(true);
});

test('fault 121: four capabilities of every mailbox, and never more than four requests to one at a time', async () => {
  await using bench = await startBench({
    granted: mailboxPermissions,
    sandbox: { people: 60, settings: { graphLatencyMs: 40 } },
  });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);

  const check = await checkEverybody(bench, admin, organizationId);

  expect(check).toMatchObject({ state: 'completed', done: check.total });
  expect(bench.sandbox.requests.all.filter(({ status }) => status === 429)).toEqual([]);
});

test('fault 118: a third of the answers throttled for seconds: every mailbox is found out, and none is asked too soon', async () => {
  await using bench = await startBench({ granted: mailboxPermissions, sandbox: { people: 40 } });
  const admin = bench.signIn('ada@contoso.example');
  const people = bench.sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available');
  const organizationId = await bench.organizationWith(admin, people);
  const answer = { status: 429, headers: { 'Retry-After': '20' }, body: error('TooManyRequests') };
  bench.sandbox.faults.add({ match: { path: /mailFolders/, probability: 0.3, times: 20 }, answer });
  const startedAt = bench.sandbox.clock.now().getTime();

  const check = await checkEverybody(bench, admin, organizationId);

  expect(check.counts.working).toBe(check.total);
  const last = bench.sandbox.requests.to(/mailFolders/).at(-1);
  expect((last?.at.getTime() ?? 0) - startedAt).toBeGreaterThanOrEqual(20_000);
});

test('a check that could not tell leaves the earlier verdict, and says so', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);
  await checkEverybody(bench, admin, organizationId);
  const before = await admin.call(api.getUser, { params: { userId: grace } });
  bench.sandbox.faults.add({ match: { path: /users\/47378190/ }, answer: { status: 500, body: {} } });

  const check = await checkEverybody(bench, admin, organizationId);

  const after = await admin.call(api.getUser, { params: { userId: grace } });
  expect(check.counts.could_not_tell).toBe(1);
  expect(after.access).toEqual({
    ...before.access,
    lastAttempt: { reason: 'microsoft.unavailable', at: expect.any(String) },
  });
  expect(after.capabilities).toEqual(before.capabilities);
});

describe('Entra cannot give a new token while the last one serves', () => {
  async function checkWithDenial(outage: { times?: number; headers?: Record<string, string> }) {
    const denial = { status: 403, body: error('ErrorAccessDenied', 'Access is denied.') };
    const { headers, times = Number.POSITIVE_INFINITY } = outage;
    const answer = { status: 503, body: {}, ...(headers && { headers }) };
    const { people, check, requests } = await checkMany(
      { match: { path: /users\/47378190/ }, answer: denial },
      { match: { path: /oauth2\/v2\.0\/token/, nth: 2, times }, answer },
    );
    const asked = requests.to(/oauth2\/v2\.0\/token/).map(({ at }) => at.getTime());
    return { people, check, asked };
  }

  test('for half a minute: everybody is found out, also who has to be confirmed', async () => {
    const { people, check } = await checkWithDenial({ times: 6 });
    expect(check).toMatchObject({ state: 'completed', counts: { working: people - 1, blocked: 1 } });
    expect(check.causes).toEqual([{ reason: 'access.denied_by_exchange', status: 'blocked', count: 1 }]);
  });

  test('for good: only who has to be confirmed could not be told', async () => {
    const { people, check } = await checkWithDenial({});
    expect(check).toMatchObject({ state: 'completed', counts: { working: people - 1, could_not_tell: 1 } });
    expect(check.causes).toEqual([{ reason: 'microsoft.token_unavailable', status: 'could_not_tell', count: 1 }]);
  });

  test('and asks to wait: it is not asked before', async () => {
    const { check, asked } = await checkWithDenial({ times: 1, headers: { 'Retry-After': '60' } });
    expect(check).toMatchObject({ state: 'completed', counts: { blocked: 1 } });
    expect(asked).toHaveLength(3);
    expect((asked[2] ?? 0) - (asked[1] ?? 0)).toBeGreaterThanOrEqual(60_000);
  });
});

describe('a tenant that shuts the application out', () => {
  test.each<[string, (bench: Bench) => void, string, string]>([
    [
      'never consented',
      ({ sandbox }) => sandbox.tenant.grants.deleteApplication(),
      'blocked',
      'consent.application_unknown',
    ],
    [
      'disabled',
      ({ sandbox }) => {
        (sandbox.tenant.grants.application as { accountEnabled: boolean }).accountEnabled = false;
      },
      'blocked',
      'consent.application_disabled',
    ],
    [
      'all permissions revoked',
      ({ sandbox }) => sandbox.tenant.grants.revokeRoles(),
      'blocked',
      'consent.permission_missing',
    ],
    [
      'wrong secret',
      ({ sandbox }) => {
        sandbox.registration.secrets = [];
      },
      'could_not_tell',
      'microsoft.token_unavailable',
    ],
    [
      'Entra down',
      ({ sandbox }) =>
        void sandbox.faults.add({ match: { path: /oauth2\/v2\.0\/token/ }, answer: { status: 503, body: {} } }),
      'could_not_tell',
      'microsoft.token_unavailable',
    ],
  ])('%s', async (_name, arrange, status, reason) => {
    await using bench = await startBench({ granted: mailboxPermissions, sandbox: { people: 50 } });
    const admin = bench.signIn('ada@contoso.example');
    const licensed = bench.sandbox.tenant.people.filter(({ mailbox }) => mailbox.state === 'available');
    const organizationId = await bench.organizationWith(admin, licensed);
    arrange(bench);

    const check = await checkEverybody(bench, admin, organizationId);

    expect(check.causes).toEqual([{ reason, status, count: licensed.length }]);
    expect(check).toMatchObject({ state: 'completed', done: licensed.length, switched: 0 });
  });
});

describe('starting and cancelling', () => {
  test('fault 146: twenty starts at once are one run', async () => {
    await using bench = await startBench({
      granted: mailboxPermissions,
      sandbox: { settings: { graphLatencyMs: 300 } },
    });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);

    const starts = await Promise.all(
      Array.from({ length: 20 }, () =>
        admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} }),
      ),
    );
    await bench.queue.drain();

    expect(new Set(starts.map(({ check }) => check.id)).size).toBe(1);
    expect(starts.filter(({ joined }) => !joined)).toHaveLength(1);
    const { activities } = await admin.call(api.listActivity);
    expect(activities.filter(({ type }) => type === 'check.started')).toHaveLength(1);
  });

  test('a cancelled run ends, and what it found stays', async () => {
    await using bench = await startBench({
      granted: mailboxPermissions,
      sandbox: { people: 400, settings: { graphLatencyMs: 200 } },
    });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
    const { check } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    const params = { checkId: check.id };

    await expect
      .poll(async () => (await admin.call(api.getConnectivityCheck, { params })).done, { timeout: 10_000 })
      .toBeGreaterThan(0);
    const cancelling = await admin.call(api.cancelConnectivityCheck, { params, body: {} });
    await bench.queue.drain();

    expect(['cancelling', 'cancelled']).toContain(cancelling.state);
    const ended = await admin.call(api.getConnectivityCheck, { params });
    expect(ended.state).toBe('cancelled');
    expect(ended.done).toBeLessThan(ended.total);
    const { counts } = await admin.call(api.listUsers, { query: { organizationId } });
    expect(counts?.not_checked).toBe(ended.total - ended.done);
    await expect(admin.call(api.cancelConnectivityCheck, { params, body: {} })).rejects.toMatchObject({
      problem: { code: 'check.already_ended' },
    });
  });

  test.each([
    ['an organization without Graph', 'organization.not_graph'],
    ['an empty organization', 'check.nobody'],
    ['somebody of another organization', 'user.not_found'],
  ])('%s is refused', async (which, code) => {
    await using bench = await startBench();
    const admin = bench.signIn('ada@contoso.example');
    const own = await bench.organizationWith(
      admin,
      which.startsWith('an empty') ? [] : [bench.sandbox.tenant.person(grace)],
    );
    const { organizations } = await admin.call(api.listOrganizations);
    const organizationId = which.includes('without') ? (organizations[0]?.id ?? own) : own;
    const body = which.startsWith('somebody') ? { userIds: [namedPeople.ada.id as UserId] } : {};

    await expect(admin.call(api.startConnectivityCheck, { params: { organizationId }, body })).rejects.toMatchObject({
      problem: { code },
    });
  });

  test('check only, change nothing', async () => {
    await using bench = await startBench({ granted: mailboxPermissions });
    const admin = bench.signIn('ada@contoso.example');
    const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);

    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: { changeConnection: false } });
    await bench.queue.drain();

    const user = await admin.call(api.getUser, { params: { userId: grace } });
    expect(user).toMatchObject({
      connectionType: 'none',
      mailboxState: 'not_initialized',
      access: { status: 'working' },
      openIssues: 0,
    });
  });
});

test('a run asks for ids and counts only, and always selects', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.people);
  bench.sandbox.requests.clear();

  await checkEverybody(bench, admin, organizationId);

  const asked = bench.sandbox.requests.all
    .filter(({ service }) => service === 'graph')
    .map(
      ({ method, path, query }) => `${method} ${path.replace(/\/users\/[^/]+/, '/users/{id}')} ${query.$select ?? ''}`,
    );
  expect([...new Set(asked)].sort()).toEqual([
    'GET /v1.0/users/{id}/calendar id',
    'GET /v1.0/users/{id}/contacts id',
    'GET /v1.0/users/{id}/mailFolders/inbox id,totalItemCount',
    'POST /v1.0/$batch ',
  ]);
  expect(bench.sandbox.requests.unknown).toEqual([]);
});
