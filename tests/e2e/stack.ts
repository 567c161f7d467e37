import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type FrameLocator, type Page } from '@playwright/test';
import { findChromium } from '../../src/cli/chromium.ts';
import { waitUntilReady } from '../../src/cli/wait-until-ready.ts';
import { makeCertificateAuthority, makeServerCertificate } from '../../src/sandbox/certificates.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Settings } from '../../src/sandbox/settings.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { freePort } from '../support/free-port.ts';
import { callJson } from './call-json.ts';

/** Where the tab is reached in these tests; Microsoft's own addresses are the real ones. */
const tabHost = 'mailbox-access.contoso.example';
const microsoft = {
  authority: 'https://login.microsoftonline.com',
  graph: 'https://graph.microsoft.com',
  exchange: 'https://outlook.office365.com',
  teams: 'https://teams.microsoft.com',
};

/** How the simulated Teams shall behave; every field is a parameter of its address. */
export interface TeamsSituation {
  readonly theme?: 'default' | 'dark' | 'contrast';
  readonly account?: string;
  readonly bridge?: string;
  readonly sso?: string;
  readonly initialize?: 'silent';
  readonly popups?: 'blocked';
  readonly subPageId?: string;
  readonly width?: number;
}

/** The whole product as in production: built tab, service as a process, Chromium, Microsoft's host names. */
export interface Stack extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly tabUrl: string;
  /** Opens Teams with the tab in it. */
  openTeams(situation?: TeamsSituation): Promise<{ page: Page; tab: FrameLocator }>;
  /** Opens the tab as a page of its own. */
  openBrowserTab(path?: string): Promise<Page>;
  /** Calls the service as Ada, the Global Administrator; to arrange what a test needs. @throws for any answer but 2xx */
  callService<Result>(method: string, path: string, body?: object): Promise<Result>;
  /** Kills the service with SIGKILL. */
  killService(): Promise<void>;
  /** Starts it again on the same data. */
  startService(): Promise<void>;
  /** Console errors and failed page scripts so far, but for the ones that Chromium reports of expected HTTP answers. */
  readonly pageErrors: readonly string[];
}

export interface StackOptions {
  readonly people?: number;
  readonly settings?: Partial<Settings>;
  /** Environment variables of the service over the ones every stack has. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const directory = await mkdtemp(join(tmpdir(), 'mailbox-access-e2e-'));
  const servicePort = await freePort();
  const tabUrl = `https://${tabHost}`;
  const certificateAuthority = await makeCertificateAuthority();
  const sandbox = await startSandbox({
    people: options.people ?? 0,
    ...(options.settings ? { settings: options.settings } : {}),
    origins: microsoft,
    certificateAuthority,
    registration: { tabOrigin: tabUrl },
  });
  const authorityPath = join(directory, 'ca.pem');
  await writeFile(authorityPath, certificateAuthority.certificate);
  const certificate = await makeServerCertificate(certificateAuthority, [tabHost, 'localhost']);
  await writeFile(join(directory, 'tab.pem'), certificate.certificate);
  await writeFile(join(directory, 'tab.key'), certificate.key);

  const sandboxAddress = `127.0.0.1:${new URL(sandbox.url).port}`;
  let service: ChildProcess | undefined;

  async function startService(): Promise<void> {
    service = spawn(
      process.execPath,
      ['--import', fileURLToPath(new URL('../support/resolver-rules.ts', import.meta.url)), 'src/service/main.ts'],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: {
          PATH: process.env.PATH,
          NODE_ENV: 'production',
          NODE_EXTRA_CA_CERTS: authorityPath,
          RESOLVER_RULES: Object.values(microsoft)
            .map((origin) => `${new URL(origin).host}:443=${sandboxAddress}`)
            .join(','),
          CLOUD: 'public',
          TENANT_ID: sandbox.tenant.id,
          CLIENT_ID: sandbox.registration.clientId,
          CLIENT_SECRET: sandbox.registration.secrets[0]?.value,
          DATA_DIR: join(directory, 'data'),
          PORT: String(servicePort),
          PUBLIC_URL: tabUrl,
          TLS_CERTIFICATE_PATH: join(directory, 'tab.pem'),
          TLS_KEY_PATH: join(directory, 'tab.key'),
          LOG_LEVEL: 'error',
          ...options.environment,
        },
      },
    );
    const ended = once(service, 'exit').then(([code]) => {
      throw new Error(`The service ended with code ${code} while it was starting.`);
    });
    ended.catch(() => {});
    await Promise.race([waitUntilReady(`https://localhost:${servicePort}/readyz`, () => authorityPath), ended]);
  }

  async function stopService(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!service || service.exitCode !== null || service.signalCode !== null) return;
    const exit = once(service, 'exit');
    service.kill(signal);
    await exit;
  }

  await startService();
  const program = findChromium();
  const rules = [
    ...Object.values(microsoft).map((origin) => `MAP ${new URL(origin).host}:443 ${sandboxAddress}`),
    `MAP ${tabHost}:443 127.0.0.1:${servicePort}`,
  ];
  const browser: Browser = await chromium.launch({
    ...(program ? { executablePath: program } : {}),
    args: [`--host-resolver-rules=${rules.join(', ')}`, '--ignore-certificate-errors'],
  });
  const pageErrors: string[] = [];
  const contexts: BrowserContext[] = [];

  async function newPage(width: number): Promise<Page> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height: 800 } });
    contexts.push(context);
    context.on('weberror', (error) => pageErrors.push(String(error.error())));
    context.on('console', (message) => {
      // Chromium logs every 4xx answer as an error; which answers are right is what the tests say.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        pageErrors.push(message.text());
      }
    });
    return context.newPage();
  }

  return {
    sandbox,
    tabUrl,
    pageErrors,
    async openTeams({ width = 1280, ...situation } = {}) {
      const page = await newPage(width);
      await page.goto(`${microsoft.teams}/?${new URLSearchParams(situation as Record<string, string>)}`);
      return { page, tab: page.frameLocator('#tab') };
    },
    async openBrowserTab(path = '/') {
      const page = await newPage(1280);
      await page.goto(`${tabUrl}${path}`);
      return page;
    },
    async callService(method, path, body) {
      const answer = await callJson(`https://localhost:${servicePort}${path}`, {
        method,
        ca: certificateAuthority.certificate,
        headers: {
          authorization: `Bearer ${sandbox.signIn(namedPeople.ada.id)}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        body,
      });
      return answer as never;
    },
    killService: () => stopService('SIGKILL'),
    startService,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await stopService('SIGTERM');
      await sandbox.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
