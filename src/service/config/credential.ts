import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Variables } from './variables.ts';

/** How the application proves itself to Entra. */
export type Credential =
  | { readonly kind: 'certificate'; readonly certificate: string; readonly privateKey: string }
  | { readonly kind: 'secret'; readonly secret: string }
  /** A file with a federated token; the platform renews it, so it is read for each use. */
  | { readonly kind: 'assertion'; readonly path: string };

/** The credential whose variables begin with a prefix: of the service's own application, none. */
export function readCredential(read: Variables, faults: string[], prefix = ''): Credential | undefined {
  const secretName = `${prefix}CLIENT_SECRET`;
  const certificateName = `${prefix}CLIENT_CERTIFICATE_PATH`;
  const keyName = `${prefix}CLIENT_CERTIFICATE_KEY_PATH`;
  const assertionName = `${prefix}CLIENT_ASSERTION_PATH`;
  const certificatePath = read.text(certificateName);
  const keyPath = read.text(keyName);
  const secret = read.text(secretName);
  const assertionPath = read.text(assertionName);
  // A certificate wins over a secret: it never crosses the wire.
  if (certificatePath && keyPath) {
    const certificate = read.file(certificateName, certificatePath);
    const privateKey = read.file(keyName, keyPath);
    if (!certificate || !privateKey) return undefined;
    const fault = faultOfKeyPair(certificate, privateKey);
    if (fault) faults.push(`${certificateName} and ${keyName}: ${fault}`);
    return { kind: 'certificate', certificate, privateKey };
  }
  if (certificatePath || keyPath) {
    faults.push(`${certificateName} and ${keyName} belong together: set both.`);
    return undefined;
  }
  if (secret) return { kind: 'secret', secret };
  if (assertionPath) {
    if (read.file(assertionName, assertionPath) === undefined) return undefined;
    return { kind: 'assertion', path: assertionPath };
  }
  faults.push(`${secretName} is missing: set it, or ${certificateName} and ${keyName}, or ${assertionName}.`);
  return undefined;
}

/** Says what is wrong with a certificate and its key, without quoting either. */
function faultOfKeyPair(certificate: string, privateKey: string): string | undefined {
  try {
    const parsed = new X509Certificate(certificate);
    const key = createPrivateKey(privateKey);
    if (key.asymmetricKeyType !== 'rsa')
      return 'Entra takes RSA keys only: create an RSA certificate of 2048 bits or more.';
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
      return 'the RSA key is shorter than 2048 bits: create a longer one.';
    if (!parsed.checkPrivateKey(key)) return 'the key does not belong to the certificate: point both to the same pair.';
    return undefined;
  } catch {
    return 'the files cannot be read as PEM: use a PEM certificate and an unencrypted PEM private key.';
  }
}
