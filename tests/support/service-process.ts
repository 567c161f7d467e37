import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Tenant } from '../../src/sandbox/tenant/tenant.ts';
import { createDispatcher } from '../../src/service/outbound/bounded-fetch.ts';
import { environmentOf } from './bench.ts';

/** What a variable preloads: the process stops at a step, its disk is full while a file is there, or it tells what it holds. */
const preloads = {
  STOP_AT: './stop-at.ts',
  DISK_FULL_WHILE: './disk-full.ts',
  MEMORY_REPORT: './memory-report.ts',
};
const main = fileURLToPath(new URL('../../src/service/main.ts', import.meta.url));

/** The real service as a child process. */
export interface ServiceProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything it wrote. */
  output(): string;
  /** Its address, once it is ready. */
  ready(): Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'mailbox-access-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts `src/service/main.ts` with exactly these variables. */
export function startProcess(environment: Readonly<Record<string, string>>): ServiceProcess {
  const preloaded = Object.entries(preloads).flatMap(([variable, script]) =>
    environment[variable] ? ['--import', fileURLToPath(new URL(script, import.meta.url))] : [],
  );
  const child = spawn(process.execPath, [...preloaded, main], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const heard = new EventTarget();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
      heard.dispatchEvent(new Event('output'));
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(signal ?? code);
      heard.dispatchEvent(new Event('output'));
    });
  });

  return {
    child,
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    ready() {
      return new Promise((resolve, reject) => {
        function look() {
          const port = /"port":(\d+).*"msg":"ready"/.exec(output)?.[1];
          if (port) resolve(`http://127.0.0.1:${port}`);
          else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`It ended:\n${output}`));
        }
        heard.addEventListener('output', look);
        look();
      });
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The environment of a process against this sandbox, with its trust and data in `folder`. */
export function processEnvironment(sandbox: Sandbox, folder: string, more: Readonly<Record<string, string>> = {}) {
  const caPath = join(folder, 'ca.pem');
  writeFileSync(caPath, sandbox.certificateAuthority.certificate);
  return environmentOf(sandbox, { DATA_DIR: join(folder, 'data'), NODE_EXTRA_CA_CERTS: caPath, ...more });
}

const dispatcher = createDispatcher();

/** A call as Ada, over the real network. */
export function callAsAda(sandbox: Sandbox, url: string, method: 'GET' | 'POST', path: string, body?: unknown) {
  return callAsAdaOf(sandbox, sandbox.tenant, url, method, path, body);
}

/** A call as the Ada of any tenant. */
export async function callAsAdaOf(
  sandbox: Sandbox,
  tenant: Tenant,
  url: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
) {
  const ada = tenant.people.find(({ userPrincipalName }) => userPrincipalName.startsWith('ada@'));
  const answer = await request(`${url}${path}`, {
    method,
    dispatcher,
    // A connection that is kept may be closed at the other end while one of the two stands still.
    reset: true,
    headers: { authorization: `Bearer ${sandbox.signIn(ada?.id ?? '')}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, never> };
}
