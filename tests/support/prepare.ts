import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../../src/cli/chromium.ts';
import { installPostgres } from './postgres.ts';

// Brings what the tests need and npm does not: a Chromium, and PostgreSQL where Debian has it. Runs before every test run
// and says so when it cannot.

installPostgres();
if (!findChromium()) installChromium();

const program = findChromium();
if (!program) {
  console.error(
    'The browser tests need Chromium and none could be installed: install Chromium or Chrome, or set CHROMIUM_PATH to it.',
  );
  process.exit(1);
}
console.log(`Browser tests run in ${program}`);

function installChromium(): void {
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  console.log(`No Chromium found: installing ${isDebianRoot ? 'the Debian package' : 'it with Playwright'} …`);
  try {
    if (isDebianRoot) {
      run('apt-get', ['update', '-qq']);
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation']);
    } else {
      run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

function run(command: string, parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 });
}
