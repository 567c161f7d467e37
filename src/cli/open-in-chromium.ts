import { spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './chromium.ts';

/**
 * Opens a Chromium window with a profile of its own that trusts one certificate authority, and nothing else more than
 * usual. Says so in one line when no Chromium is installed.
 */
export async function openInChromium(url: string, caPath: string): Promise<void> {
  const program = findChromium();
  if (!program) {
    console.log('No Chromium or Chrome was found: open the address below by hand, or set CHROMIUM_PATH.');
    return;
  }
  const authority = new X509Certificate(await readFile(caPath));
  const key = createHash('sha256')
    .update(authority.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  const profile = await mkdtemp(join(tmpdir(), 'mailbox-access-'));
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = spawn(
    program,
    [`--user-data-dir=${profile}`, `--ignore-certificate-errors-spki-list=${key}`, '--no-first-run', ...asRoot, url],
    { stdio: 'ignore', detached: true },
  );
  browser.on('error', (error) => console.log(`Chromium did not start (${error.message}): open the address by hand.`));
  browser.unref();
}
