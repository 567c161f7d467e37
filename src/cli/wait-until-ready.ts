import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 100;
const limitMs = 60_000;

/**
 * Waits until an https address on this machine answers 200.
 * @param caPath file of the certificate authority to trust; it may appear only while we wait
 * @throws Error after one minute
 */
export async function waitUntilReady(url: string, caPath: () => string): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const ca = await readFile(caPath(), 'utf8').catch(() => undefined);
    if (ca && (await statusOf(url, ca)) === 200) return;
    await wait(pollMs);
  }
  throw new Error(`${url} did not answer within ${limitMs / 1000} seconds.`);
}

/** The HTTP status, or `undefined` when nobody listens yet. */
function statusOf(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = request(url, { ca, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
    call.end();
  });
}
