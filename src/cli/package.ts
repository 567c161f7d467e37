import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { defaultRegistration } from '../sandbox/tenant/registration.ts';
import { buildAppPackage } from './app-package.ts';

// Writes dist/mailbox-access.zip, the app package to upload to Teams.

const local = { PUBLIC_URL: defaultRegistration.tabOrigin, CLIENT_ID: defaultRegistration.clientId };

function setting(name: keyof typeof local): string {
  const value = process.env[name];
  if (!value) console.log(`${name} is not set: taking ${local[name]}, which only the simulated tenant knows.`);
  return value ?? local[name];
}

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
const publicUrl = setting('PUBLIC_URL').replace(/\/$/, '');
const clientId = setting('CLIENT_ID');
try {
  const bytes = await buildAppPackage({
    version,
    teamsAppId: process.env.TEAMS_APP_ID ?? '8f1f4a2e-27a5-4d3c-bb0e-6f1f0f3b5d90',
    clientId,
    publicUrl,
    appIdUri: process.env.APP_ID_URI ?? `api://${new URL(publicUrl).host}/${clientId}`,
    apiScope: process.env.API_SCOPE ?? 'access_as_user',
    publisherName: process.env.PUBLISHER_NAME ?? 'Mailbox Access',
  });
  await mkdir('dist', { recursive: true });
  await writeFile('dist/mailbox-access.zip', bytes);
  const hash = createHash('sha256').update(bytes).digest('hex');
  console.log(`dist/mailbox-access.zip: ${bytes.length} bytes, sha256 ${hash}`);
} catch (error) {
  console.error(`The app package was not written:\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
