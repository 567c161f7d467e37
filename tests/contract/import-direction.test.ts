import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { expect, test } from 'vitest';

/** What the code of each folder may import of the others. */
const allowed: Record<string, readonly string[]> = {
  domain: [],
  contract: ['domain'],
  tab: ['domain', 'contract'],
  service: ['domain', 'contract'],
  sandbox: [],
  cli: ['domain', 'contract', 'service', 'sandbox'],
  bench: ['domain', 'contract', 'service', 'sandbox', 'cli'],
};

/** Packages that only one place may know. */
const reserved: Record<string, RegExp> = {
  '@microsoft/teams-js': /^src\/(tab\/(host\/|configure\.ts|consent-end\.ts)|.*\.test\.tsx?$)/,
  '@azure/msal-browser': /^src\/tab\/(auth\/|sign-in-redirect\.ts)/,
  '@azure/msal-node': /^src\/service\/entra\//,
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const imports: Import[] = globSync('src/**/*.{ts,tsx}').flatMap((path) => {
  const file = path.replaceAll('\\', '/');
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({ file, specifier: match[1] ?? '' }));
});

function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}

test('folders import only what stands left of them', () => {
  const wrong = imports.filter(({ file, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const from = folderOf(file);
    const to = folderOf(normalize(join(dirname(file), specifier)));
    return from !== to && !allowed[from]?.includes(to);
  });
  expect(wrong).toEqual([]);
});

test('the domain needs no package', () => {
  const packages = imports.filter(
    ({ file, specifier }) => folderOf(file) === 'domain' && !file.endsWith('.test.ts') && !specifier.startsWith('.'),
  );
  expect(packages).toEqual([]);
});

test('a feature never imports another feature’s folder', () => {
  const feature = (path: string) => /^src\/(?:tab|service)\/features\/([^/]+)\//.exec(path)?.[1];
  const wrong = imports.filter(({ file, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const to = feature(normalize(join(dirname(file), specifier)));
    return feature(file) !== undefined && to !== undefined && to !== feature(file);
  });
  expect(wrong).toEqual([]);
});

test.each(Object.keys(reserved))('only one place imports %s', (name) => {
  const wrong = imports.filter(({ file, specifier }) => {
    const isIt = specifier === name || specifier.startsWith(`${name}/`);
    return isIt && !file.startsWith('src/sandbox/') && !reserved[name]?.test(file);
  });
  expect(wrong).toEqual([]);
});
