import './reflect-metadata.ts';
import { createHash, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key, both PEM. */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const dayMs = 24 * 3600_000;

/** Makes a certificate authority that lives for 397 days: browsers accept no longer ones for servers. */
export async function makeCertificateAuthority(now = new Date()): Promise<CertificateAndKey> {
  const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Simulated tenant, O=Contoso',
    ...validity(now),
    signingAlgorithm: ecdsa,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pem(certificate, keys.privateKey);
}

/**
 * Makes a server certificate signed by the authority.
 * @param hosts DNS names and IP addresses it is good for; the first one becomes the common name
 */
export async function makeServerCertificate(
  authority: CertificateAndKey,
  hosts: readonly string[],
  now = new Date(),
): Promise<CertificateAndKey> {
  const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${hosts[0]}`,
    issuer: issuer.subject,
    ...validity(now),
    signingAlgorithm: ecdsa,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key, ecdsa),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
      new x509.SubjectAlternativeNameExtension([...new Set(hosts)].map((value) => ({ type: typeOf(value), value }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return pem(certificate, keys.privateKey);
}

/** Makes a self-signed RSA certificate: an application's credential, or what Entra publishes beside a signing key. */
export async function makeSelfSignedCertificate(commonName: string, now = new Date()): Promise<CertificateAndKey> {
  const keys = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    ...validity(now),
    signingAlgorithm: rsa,
    keys,
    extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)],
  });
  return pem(certificate, keys.privateKey);
}

/** Hexadecimal hash of the DER certificate, as msal-node wants it (`thumbprintSha256`). */
export function thumbprintOf(certificate: string, algorithm: 'sha1' | 'sha256' = 'sha256'): string {
  return createHash(algorithm).update(new X509Certificate(certificate).raw).digest('hex');
}

const validity = (now: Date) => ({
  notBefore: new Date(now.getTime() - dayMs),
  notAfter: new Date(now.getTime() + 396 * dayMs),
});

const serialNumber = () => `00${Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('hex')}`;

const typeOf = (host: string): 'ip' | 'dns' => (/^[\d.]+$|:/.test(host) ? 'ip' : 'dns');

async function pem(certificate: x509.X509Certificate, privateKey: CryptoKey): Promise<CertificateAndKey> {
  const key = await crypto.subtle.exportKey('pkcs8', privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag)}\n`,
  };
}

function importKey(pemText: string, algorithm: EcKeyImportParams): Promise<CryptoKey> {
  const [der] = x509.PemConverter.decode(pemText);
  if (!der) throw new Error('The key of the certificate authority is not PEM.');
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
