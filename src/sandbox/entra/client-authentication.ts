import { constants, createVerify, verify, X509Certificate } from 'node:crypto';
import { thumbprintOf } from '../certificates.ts';
import type { ApplicationRegistration } from '../tenant/registration.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { registrationOf, type World } from '../world.ts';
import { EntraError } from './entra-error.ts';
import { missingParameter } from './form-parameter.ts';
import type { ClientProof } from './tokens.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks the credential of a confidential client.
 * @returns what proved it; `none` when no credential was sent, which only public clients may do
 * @throws {EntraError} invalid_client, as Entra words it
 */
export function authenticateClient(world: World, tenant: Tenant, form: URLSearchParams): ClientProof {
  // A credential proves one application only, the one that says who it is.
  const registration = registrationOf(world, form.get('client_id')) ?? world.registration;
  const secret = form.get('client_secret');
  if (secret) {
    checkSecret(world, registration, secret);
    return 'secret';
  }
  const assertion = form.get('client_assertion');
  if (assertion === null) return 'none';
  if (form.get('client_assertion_type') !== assertionType) {
    throw missingParameter('client_assertion_type');
  }
  checkAssertion(world, registration, tenant, assertion);
  return 'certificate';
}

/** @throws {EntraError} as `authenticateClient`, and 7000218 when no credential was sent */
export function authenticateConfidentialClient(world: World, tenant: Tenant, form: URLSearchParams): ClientProof {
  const proof = authenticateClient(world, tenant, form);
  if (proof === 'none') throw missingCredential();
  return proof;
}

export const missingCredential = () =>
  new EntraError(
    7000218,
    'invalid_client',
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  );

function checkSecret(world: World, { clientId, secrets }: ApplicationRegistration, secret: string): void {
  const known = secrets.find((each) => each.value === secret);
  if (!known) {
    throw new EntraError(
      7000215,
      'invalid_client',
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    );
  }
  if (known.endsAt <= world.clock.now()) {
    throw new EntraError(
      7000222,
      'invalid_client',
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.`,
    );
  }
}

interface Assertion {
  readonly alg?: unknown;
  readonly x5t?: unknown;
  readonly 'x5t#S256'?: unknown;
}

/** @see Microsoft Learn, Microsoft identity platform application authentication certificate credentials */
function checkAssertion(world: World, registration: ApplicationRegistration, tenant: Tenant, assertion: string): void {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const { alg, x5t, 'x5t#S256': x5tS256 } = decode(header) as Assertion;
  const claims = decode(payload);
  const certificate = registration.certificates.find(
    (pem) =>
      (x5tS256 !== undefined && x5tS256 === base64urlThumbprint(pem, 'sha256')) ||
      (x5tS256 === undefined && x5t === base64urlThumbprint(pem, 'sha1')),
  );
  if (!certificate) {
    throw signatureError('The key was not found.');
  }
  const publicKey = new X509Certificate(certificate).publicKey;
  const signed = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  const good =
    alg === 'PS256'
      ? verify(
          'sha256',
          signed,
          { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
          bytes,
        )
      : alg === 'RS256' && createVerify('RSA-SHA256').update(signed).verify(publicKey, bytes);
  if (!good) throw signatureError('The key was found, but use of the key to verify the signature failed.');
  checkClaims(world, registration, tenant, claims);
}

function checkClaims(
  world: World,
  { clientId }: ApplicationRegistration,
  tenant: Tenant,
  claims: Record<string, unknown>,
): void {
  const now = world.clock.now().getTime() / 1000;
  const skew = 300;
  if (claims.iss !== clientId || claims.sub !== clientId) {
    throw new EntraError(
      700021,
      'invalid_client',
      'Client assertion application identifier doesn’t match client_id parameter.',
    );
  }
  const audiences = [world.origins.authority, world.url].flatMap((origin) =>
    [tenant.id, tenant.domain].map((name) => `${origin}/${name}/oauth2/v2.0/token`),
  );
  if (typeof claims.aud !== 'string' || !audiences.includes(claims.aud)) {
    throw new EntraError(700023, 'invalid_client', 'Client assertion audience claim does not match Realm issuer.');
  }
  if (typeof claims.exp !== 'number' || claims.exp + skew < now || Number(claims.nbf ?? 0) - skew > now) {
    throw new EntraError(700024, 'invalid_client', 'Client assertion is not within its valid time range.');
  }
  // Not refused when it comes again: msal-node uses one assertion for several requests.
  if (typeof claims.jti !== 'string' || claims.jti === '') throw signatureError('The assertion has no identifier.');
}

const signatureError = (reason: string) =>
  new EntraError(
    700027,
    'invalid_client',
    `The certificate with identifier used to sign the client assertion is not registered on application. Client assertion failed signature validation. [Reason - ${reason}]`,
  );

const base64urlThumbprint = (pem: string, algorithm: 'sha1' | 'sha256') =>
  Buffer.from(thumbprintOf(pem, algorithm), 'hex').toString('base64url');

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw new EntraError(50027, 'invalid_client', 'JWT token is invalid or malformed.');
  }
}
