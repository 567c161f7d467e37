import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { makeServerCertificate } from './certificates.ts';
import { keptCertificates, serviceEnvironment, writePair } from './local-files.ts';
import type { Sandbox } from './sandbox.ts';
import { startSandbox } from './server.ts';
import { defaultRegistration, northRegistration } from './tenant/registration.ts';

// `npm run sandbox`: the simulated tenant on its own, with everything the service needs to talk to it written to a folder.

const port = process.env.SANDBOX_PORT ?? '4300';
const people = process.env.SANDBOX_PEOPLE ?? '2000';
const directory = resolve(process.env.SANDBOX_DIR ?? '.local/sandbox');
const exchangePropagationSeconds = process.env.SANDBOX_EXCHANGE_PROPAGATION_SECONDS ?? '1800';
const tabOrigin = process.env.SANDBOX_TAB_ORIGIN ?? defaultRegistration.tabOrigin;

const fault = findFault();
if (fault) stop(fault);
else await run();

/** What is wrong with the settings, in one line. */
function findFault(): string | undefined {
  if (process.env.NODE_ENV === 'production') return 'The simulated tenant does not run with NODE_ENV=production.';
  if (!/^\d+$/.test(port) || Number(port) > 65_535) return `SANDBOX_PORT is not a port: ${port}`;
  if (!/^\d+$/.test(people) || Number(people) > 200_000)
    return `SANDBOX_PEOPLE is not a number up to 200000: ${people}`;
  if (!/^\d{1,6}$/.test(exchangePropagationSeconds))
    return `SANDBOX_EXCHANGE_PROPAGATION_SECONDS is not a number of seconds: ${exchangePropagationSeconds}`;
  if (!URL.canParse(tabOrigin) || new URL(tabOrigin).origin !== tabOrigin) {
    return `SANDBOX_TAB_ORIGIN is not an origin such as https://localhost:4400: ${tabOrigin}`;
  }
  return undefined;
}

async function run(): Promise<void> {
  try {
    const sandbox = await start();
    // Before it is told that it runs: who reads that may stop it at once.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
    process.stdout.write(summaryOf(sandbox));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') stop(`Port ${port} is in use: stop what listens there, or set SANDBOX_PORT.`);
    else stop(`The simulated tenant did not start: ${message}`);
  }
}

async function start(): Promise<Sandbox> {
  await mkdir(directory, { recursive: true });
  const { authority, client } = await keptCertificates(directory);
  const tabHost = new URL(tabOrigin).hostname;
  const tabCertificate = await makeServerCertificate(authority, [tabHost, 'localhost', '127.0.0.1', '::1']);
  await writePair({ certificate: join(directory, 'service.pem'), key: join(directory, 'service.key') }, tabCertificate);
  const sandbox = await startSandbox({
    port: Number(port),
    people: Number(people),
    settings: { exchangePropagationSeconds: Number(exchangePropagationSeconds) },
    certificateAuthority: authority,
    registration: { tabOrigin, certificates: [client.certificate] },
    // A second application, so that organizations have one to choose.
    registrations: [northRegistration],
  });
  await writeFile(join(directory, 'service.env'), serviceEnvironment(sandbox, directory), { mode: 0o600 });
  return sandbox;
}

function summaryOf({ url, tenant }: Sandbox): string {
  const folder = relative(process.cwd(), directory) || '.';
  return `
  The simulated tenant runs. ${tenant.displayName} (${tenant.domain}) has ${tenant.people.length} people.

  Teams      ${url}/
  Entra      ${url}/${tenant.id}/v2.0/.well-known/openid-configuration
  Graph      ${url}/v1.0
  Control    ${url}/_sandbox/state
  Trust      ${folder}/ca.pem

  Start the service against it, in another terminal:
    set -a; . ${folder}/service.env; set +a; npm run serve
`;
}

function stop(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
