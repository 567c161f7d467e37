import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const folder = new URL('../../dist/tab/', import.meta.url);
const limitBytes = 175 * 1024;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
}

function readManifest(): Record<string, Chunk> {
  const path = new URL('.vite/manifest.json', folder);
  if (!existsSync(path)) throw new Error('The tab is not built: run `npm run build` first; `npm test` does.');
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** All scripts that the browser loads for a page before any code of ours asks for more. */
function initialScripts(page: string): string[] {
  const html = readFileSync(new URL(page, folder), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map((match) => match[1] ?? '');
  const manifest = readManifest();
  const byFile = new Map(Object.values(manifest).map((chunk) => [chunk.file, chunk]));
  const files = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const name of byFile.get(file)?.imports ?? []) visit(manifest[name]?.file ?? '');
  };
  named.forEach(visit);
  return [...files];
}

const gzipBytes = (file: string) => gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length;

test('the tab’s initial JavaScript is at most 175 KB gzip', () => {
  const scripts = initialScripts('index.html');
  expect(scripts.length).toBeGreaterThan(0);
  const total = scripts.reduce((sum, file) => sum + gzipBytes(file), 0);
  expect(total).toBeLessThanOrEqual(limitBytes);
});

test('MSAL and the Graph client are not in the initial JavaScript', () => {
  const text = initialScripts('index.html')
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('');
  expect(text).not.toContain('acquireTokenSilent(');
  expect(text).not.toContain('SdkVersion');
});

test('the page at the end of the consent and the sign-in redirect stay small', () => {
  for (const page of ['consent-end.html', 'sign-in-redirect.html']) {
    const total = initialScripts(page).reduce((sum, file) => sum + gzipBytes(file), 0);
    expect(total, page).toBeLessThan(40 * 1024);
  }
});
