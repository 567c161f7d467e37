import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/**
 * Makes every TLS client of this process trust a certificate authority, as `NODE_EXTRA_CA_CERTS` does for a process that
 * is still to be started. For tests; calling it again with the same authority changes nothing.
 */
export function trustCertificateAuthority(certificate: string): void {
  const trusted = getCACertificates('default');
  if (!trusted.includes(certificate)) setDefaultCACertificates([...trusted, certificate]);
}
