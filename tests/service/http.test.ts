import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { startBench } from '../support/bench.ts';
import { temporaryFolder } from '../support/service-process.ts';

function builtTab(folder: string): string {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  const page = '<!doctype html><script type="application/json" id="tab-configuration">{}</script>';
  for (const name of ['index', 'configure', 'consent-end', 'sign-in-redirect', 'terms'])
    writeFileSync(join(folder, `${name}.html`), page);
  writeFileSync(join(folder, 'assets', 'tab-abc.js'), 'export {};'.repeat(100));
  writeFileSync(join(folder, 'assets', 'tab-abc.js.map'), '{}');
  writeFileSync(join(folder, '.secret'), 'no');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  return folder;
}

describe('the tab’s pages', () => {
  test.each([
    '/',
    '/overview',
    '/organizations',
    '/organizations/1/connectivity',
    '/users/x',
    '/connectivity',
    '/activity',
    '/configure',
  ])('%s may be framed by Teams hosts only, and knows where to sign in', async (path) => {
    using folder = temporaryFolder();
    await using bench = await startBench({ service: { tabDirectory: builtTab(folder.path) } });

    const response = await bench.fetch(path);

    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`frame-ancestors 'self' https://*.cloud.microsoft https://teams.microsoft.com`);
    expect(policy).toContain(bench.sandbox.origins.teams);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
    expect(response.headers.get('x-frame-options')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const html = await response.text();
    const configuration = JSON.parse(/id="tab-configuration">(.*)<\/script>/.exec(html)?.[1] ?? '');
    expect(configuration).toMatchObject({
      clientId: bench.sandbox.registration.clientId,
      authority: `${bench.sandbox.origins.authority}/${bench.tenantId}`,
      apiScope: `${bench.sandbox.registration.appIdUri}/access_as_user`,
      graphEndpoint: bench.sandbox.origins.graph,
      cloudLabel: expect.any(String),
    });
    expect(html).not.toContain('simulated-client-secret');
  });

  test.each(['/consent/end', '/consent-end', '/sign-in-redirect', '/terms'])(
    '%s is a window of its own: nobody frames it',
    async (path) => {
      using folder = temporaryFolder();
      await using bench = await startBench({ service: { tabDirectory: builtTab(folder.path) } });
      const response = await bench.fetch(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(response.headers.get('cross-origin-opener-policy')).toBeNull();
    },
  );

  test('a value cannot end the element it stands in', async () => {
    using folder = temporaryFolder();
    await using bench = await startBench({
      service: { tabDirectory: builtTab(folder.path) },
      environment: { CLOUD_LABEL: '</script><script>alert(1)</script>' },
    });
    expect(await (await bench.fetch('/')).text()).not.toContain('<script>alert');
  });

  test('files are served as they are named, hashed ones for ever, missing and hidden ones not at all', async () => {
    using folder = temporaryFolder();
    await using bench = await startBench({ service: { tabDirectory: builtTab(folder.path) } });

    const asset = await bench.fetch('/assets/tab-abc.js', { headers: { 'accept-encoding': 'br, gzip' } });
    const again = await bench.fetch('/assets/tab-abc.js', {
      headers: { 'if-none-match': asset.headers.get('etag') ?? '' },
    });
    const icon = await bench.fetch('/icon.svg');

    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toContain('text/javascript');
    expect(asset.headers.get('content-encoding')).toBe('br');
    expect(again.status).toBe(304);
    expect(icon.headers.get('content-type')).toBe('image/svg+xml');
    for (const path of [
      '/assets/tab-abc.js.map',
      '/assets/other.js',
      '/.secret',
      '/assets/..%2f.secret',
      '/overview.js',
    ]) {
      expect((await bench.fetch(path)).status, path).toBe(404);
    }
  });

  test('without a built tab the pages say what to do', async () => {
    using folder = temporaryFolder();
    await using bench = await startBench({ service: { tabDirectory: join(folder.path, 'nothing') } });
    const response = await bench.fetch('/');
    expect([response.status, await response.text()]).toEqual([503, 'The tab is not built: run `npm run build`.']);
  });
});

describe('health and metrics', () => {
  test('the service says that it lives and is ready, without details', async () => {
    await using bench = await startBench();
    await bench.signIn('ada@contoso.example').call(api.getSession);

    expect(await (await bench.fetch('/healthz')).json()).toEqual({ status: 'alive' });
    expect(await (await bench.fetch('/readyz')).json()).toEqual({ status: 'ready' });
    const metrics = await (await bench.fetch('/metrics')).text();
    expect(metrics).toContain(
      'mailbox_access_http_request_seconds_count{method="GET",route="/api/session",status="2xx"} 1',
    );
    expect(metrics).toContain('mailbox_access_queue_depth 0');
    expect(metrics).not.toContain(bench.tenantId);
  });
});

describe('too much of anything', () => {
  test('a client that asks too often waits', async () => {
    await using bench = await startBench({ service: { rateLimits: { client: { perSecond: 1, burst: 5 } } } });
    const statuses = [];
    for (let call = 0; call < 8; call++) statuses.push(await bench.fetch('/api/session'));
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(statuses.at(-1)?.headers.get('retry-after')).toBe('1');
    expect((await bench.fetch('/healthz')).status).toBe(200);
  });

  test('forwarded addresses of a stranger do not change who he is', async () => {
    await using bench = await startBench({ service: { rateLimits: { client: { perSecond: 1, burst: 2 } } } });
    const ask = (address: string) => bench.fetch('/api/session', { headers: { 'x-forwarded-for': address } });
    const statuses = [await ask('1.1.1.1'), await ask('2.2.2.2'), await ask('3.3.3.3')].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 429]);
  });

  test('behind a trusted proxy each client has its own limit', async () => {
    await using bench = await startBench({
      environment: { TRUST_PROXY: 'true' },
      service: { rateLimits: { client: { perSecond: 1, burst: 1 } } },
    });
    const ask = (address: string) => bench.fetch('/api/session', { headers: { 'x-forwarded-for': address } });
    const statuses = [await ask('9.9.9.9, 1.1.1.1'), await ask('8.8.8.8, 1.1.1.1'), await ask('2.2.2.2')].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([401, 429, 401]);
  });

  test('broken framing is refused on the wire', async () => {
    await using bench = await startBench();
    const { port } = await bench.address();
    const send = (text: string) =>
      new Promise<string>((resolve) => {
        let answer = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket.on('data', (chunk) => {
          answer += chunk;
        });
        socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
        socket.on('error', () => resolve('reset'));
      });

    expect(
      await send(
        `POST /api/organizations HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ),
    ).toContain('400');
    expect(await send(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`)).toContain('431');
    expect(await send('NONSENSE\r\n\r\n')).toContain('400');
  });
});

test('an unplanned error tells nothing but its request id, which stands in the log', async () => {
  await using bench = await startBench();
  const admin = bench.signIn('ada@contoso.example');
  await admin.call(api.getSession);
  const { db } = bench.service.database;
  const selectFrom = db.selectFrom.bind(db);
  Object.assign(db, {
    selectFrom: () => {
      throw new Error('canary detail');
    },
  });

  const response = await admin.send(api.getOverview);
  Object.assign(db, { selectFrom });

  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain('canary');
  const { requestId } = JSON.parse(text) as { requestId: string };
  expect(bench.log.some((line) => line.includes(requestId) && line.includes('canary detail'))).toBe(true);
});
