import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { findChromium } from '../../src/cli/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { expect } from './expect.ts';

// `npm start` as a newcomer runs it; npm itself only finds the same program.

let directory: string;
let ports: { sandbox: number; service: number };
const running: ChildProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mailbox-access-start-'));
  ports = { sandbox: await freePort(), service: await freePort() };
});
afterAll(async () => {
  for (const program of running) program.kill('SIGTERM');
  await rm(directory, { recursive: true, force: true });
});

function start(): { program: ChildProcess; output: () => string } {
  const program = spawn(process.execPath, ['src/cli/start.ts'], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      SANDBOX_PORT: String(ports.sandbox),
      SANDBOX_PEOPLE: '20',
      PORT: String(ports.service),
      DATA_DIR: join(directory, 'data'),
    },
  });
  running.push(program);
  let text = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream?.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
  }
  return { program, output: () => text };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

test('npm start prints one address, which shows the tab signed in; a second start says why not; Ctrl-C stops everything', async () => {
  const { program, output } = start();
  await expect.poll(output, { timeout: 60_000 }).toContain('Stop with Ctrl-C');
  expect(output().match(/https:\/\/\S+/g)).toEqual([`https://localhost:${ports.sandbox}`]);

  const path = findChromium();
  const browser = await chromium.launch(path ? { executablePath: path } : {});
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(`https://localhost:${ports.sandbox}`);
  const tab = page.frameLocator('#tab');
  await expect(tab.getByRole('button', { name: 'Create the first organization' }).first()).toBeVisible({
    timeout: 20_000,
  });
  await expect(tab.getByText('Simulated tenant')).toBeVisible();
  await browser.close();

  const second = start();
  const [secondCode] = await once(second.program, 'exit');
  expect(secondCode).toBe(1);
  expect(second.output()).toContain(`${ports.sandbox}`);
  expect(second.output()).not.toMatch(/^\s+at /m);

  const exit = once(program, 'exit');
  program.kill('SIGINT');
  await exit;
  expect(await isOpen(ports.sandbox)).toBe(false);
  expect(await isOpen(ports.service)).toBe(false);
});
