import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CertificateAndKey, makeCertificateAuthority, makeSelfSignedCertificate } from './certificates.ts';
import type { Sandbox } from './sandbox.ts';

/** Keeps the certificate authority and the application's certificate over restarts, so that trust in them lasts. */
export async function keptCertificates(directory: string) {
  await mkdir(directory, { recursive: true });
  return {
    authority: await kept(directory, 'ca', makeCertificateAuthority),
    client: await kept(directory, 'client', () => makeSelfSignedCertificate('Mailbox Access')),
  };
}

/** Reads a certificate and its key, or makes and writes new ones: when there are none, and two weeks before they end. */
async function kept(
  directory: string,
  name: string,
  make: () => Promise<CertificateAndKey>,
): Promise<CertificateAndKey> {
  const paths = { certificate: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
  try {
    const [certificate, key] = await Promise.all([readFile(paths.certificate, 'utf8'), readFile(paths.key, 'utf8')]);
    const endsAt = new X509Certificate(certificate).validToDate.getTime();
    if (endsAt > Date.now() + 14 * 24 * 3600_000) return { certificate, key };
  } catch {
    // Absent or unreadable: made anew below.
  }
  const made = await make();
  await writePair(paths, made);
  return made;
}

export async function writePair(
  paths: { certificate: string; key: string },
  { certificate, key }: CertificateAndKey,
): Promise<void> {
  await writeFile(paths.certificate, certificate);
  await writeFile(paths.key, key, { mode: 0o600 });
}

/** The further applications of the sandbox, as the service's configuration names them: by the end of their own names. */
function further([, ...others]: Sandbox['registrations']): Record<string, string> {
  if (others.length === 0) return {};
  const names = others.map(({ displayName }) => displayName.split(' ').at(-1) ?? displayName);
  const variables = others.flatMap(({ clientId, secrets }, index) => [
    [`REGISTRATION_${names[index]?.toUpperCase()}_CLIENT_ID`, clientId],
    [`REGISTRATION_${names[index]?.toUpperCase()}_CLIENT_SECRET`, secrets[0]?.value ?? ''],
  ]);
  return { REGISTRATIONS: names.join(',').toLowerCase(), ...Object.fromEntries(variables) };
}

/** Environment with which the service runs against this sandbox; a shell and `node --env-file` read it alike. */
export function serviceEnvironment(sandbox: Sandbox, directory: string): string {
  const { registration, origins } = sandbox;
  const variables = {
    AUTHORITY_HOST: origins.authority,
    GRAPH_ENDPOINT: origins.graph,
    EXCHANGE_ENDPOINT: origins.exchange,
    TEAMS_ORIGINS: origins.teams,
    CLOUD_LABEL: 'Simulated tenant',
    TENANT_ID: sandbox.tenant.id,
    CLIENT_ID: registration.clientId,
    CLIENT_CERTIFICATE_PATH: join(directory, 'client.pem'),
    CLIENT_CERTIFICATE_KEY_PATH: join(directory, 'client.key'),
    ...further(sandbox.registrations),
    PUBLIC_URL: registration.tabOrigin,
    PORT: new URL(registration.tabOrigin).port || '443',
    TLS_CERTIFICATE_PATH: join(directory, 'service.pem'),
    TLS_KEY_PATH: join(directory, 'service.key'),
    NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem'),
  };
  return `${Object.entries(variables)
    .map(([name, value]) => `${name}="${value}"`)
    .join('\n')}\n`;
}
