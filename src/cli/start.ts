import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, parseEnv } from 'node:util';
import { buildTabIfStale } from './build-tab.ts';
import { ChildProcesses } from './child-processes.ts';
import { openInChromium } from './open-in-chromium.ts';
import { waitUntilReady } from './wait-until-ready.ts';

// `npm start`: the simulated tenant and the service against it, on this machine, with one address to open.

const root = new URL('../../', import.meta.url);
const sandboxPort = process.env.SANDBOX_PORT ?? '4300';
const servicePort = process.env.PORT ?? '4400';
const sandboxFolder = new URL('.local/sandbox/', root);
const { values: options } = parseArgs({ options: { open: { type: 'boolean', default: false } } });

const children = new ChildProcesses();
try {
  const ready = await start();
  console.log(ready);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await children.stop();
  process.exitCode = 1;
}

async function start(): Promise<string> {
  const hostUrl = `https://localhost:${sandboxPort}`;
  const tabUrl = `https://localhost:${servicePort}`;
  console.log('Starting the simulated tenant, and building the tab if its sources changed …');
  children.start('The simulated tenant', ['--disable-warning=ExperimentalWarning', file('src/sandbox/main.ts')], {
    ...process.env,
    SANDBOX_PORT: sandboxPort,
    SANDBOX_DIR: fileURLToPath(sandboxFolder),
    SANDBOX_TAB_ORIGIN: tabUrl,
    // Microsoft takes up to two hours; nobody who tries a limit here should wait for that.
    SANDBOX_EXCHANGE_PROPAGATION_SECONDS: process.env.SANDBOX_EXCHANGE_PROPAGATION_SECONDS ?? '20',
  });
  await Promise.all([buildTabIfStale(), children.orEnd(waitUntilReady(`${hostUrl}/_sandbox/state`, caPath))]);

  const environment = parseEnv(await readFile(new URL('service.env', sandboxFolder), 'utf8'));
  children.start('The service', [file('src/service/main.ts')], {
    EXCHANGE_GATEWAY: 'delegated',
    EXCHANGE_PROPAGATION_MINUTES: '1',
    ...process.env,
    ...environment,
    PORT: servicePort,
    PUBLIC_URL: tabUrl,
  });
  await children.orEnd(waitUntilReady(`${tabUrl}/readyz`, caPath));
  if (options.open) await openInChromium(hostUrl, caPath());

  return `
  Open  ${hostUrl}

  It shows Microsoft Teams (simulated) with Mailbox Access in it, signed in as an admin of a simulated tenant.
  The certificate was made on this machine, so a browser warns once: choose Advanced, then Continue.
  \`npm start -- --open\` opens a Chromium that trusts it, if one is installed.

  Then click:  Create the first organization  →  Add users  →  Connectivity: Microsoft 365 OAuth (Graph API)
               →  Check Users Exchange Impersonated Access  →  Limit to a group

  Stop with Ctrl-C.
`;
}

function file(path: string): string {
  return fileURLToPath(new URL(path, root));
}

function caPath(): string {
  return fileURLToPath(new URL('ca.pem', sandboxFolder));
}
