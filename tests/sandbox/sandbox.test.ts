import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificateAuthority, makeServerCertificate } from '../../src/sandbox/certificates.ts';
import { startClock } from '../../src/sandbox/clock.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { eventual, startBench } from './bench.ts';

const { ada } = namedPeople;

test.each([
  ['GET', '/v1.0/users/x/drive'],
  ['PATCH', `/v1.0/users/${ada.id}`],
  ['GET', '/v1.0/users?$expand=manager'],
  ['GET', '/v1.0/users?$filter=preferredLanguage eq null'],
  ['GET', '/beta/users'],
  ['POST', '/adminapi/v2.0/contoso.example/Mailbox'],
  ['GET', '/somewhere'],
])('%s %s is unknown: 501, and the log says so', async (method, path) => {
  await using bench = await startBench();
  const token = await bench.appToken('User.Read.All');

  const response = await fetch(`${bench.sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });

  expect(response.status).toBe(501);
  expect((await response.json()).error.code).toBe('NotSimulated');
  expect(bench.sandbox.requests.unknown).toHaveLength(1);
  const [pathname = ''] = path.split('?');
  expect(bench.sandbox.requests.unknown[0]).toContain(`${method} ${pathname}`);
});

test('the log has who asked what, and neither tokens nor codes', async () => {
  await using bench = await startBench();
  const token = await bench.appToken('User.Read.All');

  await bench.graph(token, '/users?$select=id&$top=1');
  await fetch(`${bench.sandbox.url}/x/oauth2/v2.0/authorize?code=very-secret&client_secret=very-secret`);

  const { requests, registration } = bench.sandbox;
  expect(requests.to('/v1.0/users')).toMatchObject([
    { service: 'graph', method: 'GET', query: { $select: 'id', $top: '1' }, status: 200, appId: registration.clientId },
  ]);
  expect(JSON.stringify(requests.all)).not.toMatch(/very-secret|eyJ/);
});

test('a browser of another origin may call Graph with any header it needs', async () => {
  await using bench = await startBench();

  const preflight = await fetch(`${bench.sandbox.url}/v1.0/users`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://localhost:4400',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization,consistencylevel',
    },
  });
  const answer = await bench.graph(await bench.appToken('User.Read.All'), '/users/$count', eventual);

  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,consistencylevel');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
});

test('a client request id comes back', async () => {
  await using bench = await startBench();
  const clientRequestId = '366eb16f-508e-4ad7-b7c9-3acfe059a0ee';

  const reply = await bench.graph('', '/users', { headers: { 'client-request-id': clientRequestId } });

  expect(reply.headers.get('client-request-id')).toBe(clientRequestId);
  expect(reply.body.error.innerError['client-request-id']).toBe(clientRequestId);
});

test('the clock moves dates, tokens and answers alike', async () => {
  await using bench = await startBench({ clock: startClock(new Date('2030-02-03T04:05:06Z')) });
  const token = await bench.appToken('User.Read.All');

  bench.sandbox.clock.advance(60_000);
  const reply = await bench.graph(token, '/users/nobody');

  expect(reply.headers.get('date')).toBe('Sun, 03 Feb 2030 04:06:06 GMT');
  expect(reply.body.error.innerError.date).toBe('2030-02-03T04:06:06');
});

test('issuer, audience and links say the origins it plays, not the address it was asked by', async () => {
  const origins = { authority: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' };
  await using bench = await startBench({ origins, people: 120 });
  const token = await bench.appToken('User.Read.All');

  const reply = await fetch(`${bench.sandbox.url}/v1.0/users`, { headers: { authorization: `Bearer ${token}` } });

  expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).aud).toBe(origins.graph);
  expect((await reply.json())['@odata.nextLink']).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/users\?/);
});

test('two sandboxes do not know each other’s tokens', async () => {
  await using one = await startBench();
  await using other = await startBench();

  const reply = await other.graph(await one.appToken('User.Read.All'), '/users');

  expect(reply.status).toBe(401);
});

test('a server certificate is good for its names and for no longer than browsers accept', async () => {
  const authority = await makeCertificateAuthority();
  const { certificate, key } = await makeServerCertificate(authority, [
    'tab.contoso.example',
    'localhost',
    '127.0.0.1',
    '::1',
  ]);
  const parsed = new X509Certificate(certificate);
  const days = (parsed.validToDate.getTime() - parsed.validFromDate.getTime()) / 86_400_000;

  expect(parsed.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  expect(parsed.checkHost('tab.contoso.example')).toBe('tab.contoso.example');
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(parsed.subjectAltName).toContain('IP Address:0:0:0:0:0:0:0:1');
  expect(parsed.ca).toBe(false);
  expect(new X509Certificate(authority.certificate).ca).toBe(true);
  expect(days).toBeLessThan(398);
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
});

test('a client that trusts the authority, and only such a one, connects', async () => {
  await using sandbox = await startSandbox({ hosts: ['graph.microsoft.com'] });
  const handshake = (ca: string | undefined) =>
    new Promise<string>((resolve) => {
      const socket = connect({ port: sandbox.port, host: '127.0.0.1', servername: 'graph.microsoft.com', ca }, () => {
        resolve('connected');
        socket.end();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });

  const other = await makeCertificateAuthority();

  expect(await handshake(sandbox.certificateAuthority.certificate)).toBe('connected');
  expect(await handshake(other.certificate)).not.toBe('connected');
});

test('two thousand people are there at once, the same every time, with every kind of account among them', async () => {
  await using one = await startSandbox({ people: 2000 });
  await using other = await startSandbox({ people: 2000 });
  const listed = ({ tenant }: typeof one) =>
    tenant.everybody.map(({ id, displayName, mailbox }) => [id, displayName, mailbox]);
  const kinds = new Set(one.tenant.everybody.map(({ mailbox }) => `${mailbox.purpose} ${mailbox.state}`));

  expect(listed(one)).toEqual(listed(other));
  expect(one.tenant.everybody.length).toBe(2000 + Object.keys(namedPeople).length);
  expect(one.tenant.everybody.filter((person) => person.deletedAt).length).toBeGreaterThan(5);
  expect(kinds).toEqual(
    new Set([
      'user available',
      'user notEnabled',
      'user undiscoverable',
      'user onPremises',
      'user inactive',
      'user moving',
      'user provisioning',
      'shared available',
      'room available',
      'equipment available',
    ]),
  );
  const upns = one.tenant.everybody.map((person) => person.userPrincipalName.toLowerCase());
  expect(new Set(upns).size).toBe(upns.length);
});
