import { existsSync, readFileSync } from 'node:fs';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { type AppPackageSettings, buildAppPackage } from './app-package.ts';

const settings: AppPackageSettings = {
  version: '1.2.3',
  teamsAppId: '8f1f4a2e-27a5-4d3c-bb0e-6f1f0f3b5d90',
  clientId: '4d2f8a70-6c1b-4e9d-9a53-0b7c3e5f1a22',
  publicUrl: 'https://tab.contoso.example',
  appIdUri: 'api://tab.contoso.example/4d2f8a70-6c1b-4e9d-9a53-0b7c3e5f1a22',
  apiScope: 'access_as_user',
  publisherName: 'Contoso "IT"',
};

test('the package holds the manifest, its languages and both icons at the root, and nothing else', async () => {
  const entries = unzipSync(await buildAppPackage(settings));
  expect(Object.keys(entries).sort()).toEqual(['color.png', 'de.json', 'manifest.json', 'outline.png']);
});

test('the same settings give the same bytes', async () => {
  const [first, second] = [await buildAppPackage(settings), await buildAppPackage(settings)];
  expect(Buffer.from(first).equals(second)).toBe(true);
});

test('the manifest is valid by Microsoft’s published schema and carries the settings', async () => {
  const path = new URL('../../../shared/data/teams-manifest.schema.json', import.meta.url);
  if (!existsSync(path)) throw new Error(`Microsoft's manifest schema is missing: it is expected at ${path.pathname}`);
  const ajv = new Draft04({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv as never);
  const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')));

  const { 'manifest.json': bytes } = unzipSync(await buildAppPackage(settings));
  const manifest = JSON.parse(strFromU8(bytes ?? new Uint8Array()));

  validate(manifest);
  expect(validate.errors).toBeNull();
  expect(manifest).toMatchObject({
    version: '1.2.3',
    developer: { name: 'Contoso "IT"' },
    validDomains: ['tab.contoso.example'],
    webApplicationInfo: {
      id: settings.clientId,
      resource: settings.appIdUri,
      nestedAppAuthInfo: [{ redirectUri: 'brk-multihub://tab.contoso.example' }],
    },
  });
});

test.each([
  [{ version: 'one' }, 'manifest.json/version'],
  [{ teamsAppId: 'not-a-guid' }, 'manifest.json/id'],
  [{ publicUrl: 'http://tab.contoso.example' }, 'PUBLIC_URL'],
  [{ publicUrl: 'https://tab.contoso.example/app' }, 'PUBLIC_URL'],
  [{ appIdUri: `api://other.example/${settings.clientId}` }, 'APP_ID_URI'],
  [{ appIdUri: `api://tab.contoso.example/${settings.clientId.toUpperCase()}` }, 'APP_ID_URI'],
] as const)('settings %j are refused, and the message names %s', async (wrong, name) => {
  await expect(buildAppPackage({ ...settings, ...wrong })).rejects.toThrow(name);
});
