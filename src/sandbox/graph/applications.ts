import { createHash, X509Certificate } from 'node:crypto';
import { graphAppId, graphPermissions } from '../tenant/permissions.ts';
import { guidOf } from '../tenant/random.ts';
import { contextOf, pick, selected } from './collection.ts';
import { resourceNotFound } from './graph-error.ts';
import type { Call, GraphAnswer, Operation } from './operation.ts';
import { dateTime } from './user.ts';

const reading = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];

export const applications: readonly Operation[] = [
  {
    method: 'GET',
    path: "/applications(appId='{appId}')",
    service: 'directory',
    permissions: { application: [...reading, 'Application.ReadWrite.OwnedBy'], delegated: reading },
    query: ['$select'],
    answer: getApplication,
  },
];

/** A registration is visible in its home tenant alone. */
function getApplication(call: Call): GraphAnswer {
  const appId = call.path.appId ?? '';
  const registration = call.tenant.registrations.find(({ clientId }) => clientId === appId.toLowerCase());
  if (registration?.homeTenantId !== call.tenant.id) throw resourceNotFound(appId);
  const names = selected(call);
  const context = contextOf(call, `applications${names ? `(${names})` : ''}/$entity`);
  return {
    status: 200,
    body: { '@odata.context': context, ...pick(applicationResource(call, registration), names, 'application', []) },
  };
}

function applicationResource({ tenant }: Call, registration: Call['tenant']['registration']): Record<string, unknown> {
  const { createdAt } = tenant;
  const exposesApi = registration === tenant.registration;
  return {
    id: registration.objectId,
    appId: registration.clientId,
    displayName: registration.displayName,
    createdDateTime: dateTime(createdAt),
    deletedDateTime: null,
    groupMembershipClaims: 'DirectoryRole',
    identifierUris: exposesApi ? [registration.appIdUri] : [],
    signInAudience: registration.signInAudience,
    passwordCredentials: registration.secrets.map((secret) => ({
      customKeyIdentifier: null,
      displayName: 'Client secret',
      endDateTime: dateTime(secret.endsAt),
      hint: secret.value.slice(0, 3),
      keyId: secret.keyId,
      secretText: null,
      startDateTime: dateTime(createdAt),
    })),
    keyCredentials: registration.certificates.map(keyCredential),
    requiredResourceAccess: [{ resourceAppId: graphAppId, resourceAccess: requiredAccess(registration) }],
    spa: { redirectUris: registration.redirectUris.spa },
    web: { redirectUris: registration.redirectUris.web },
  };
}

/** The identifier of a certificate is the SHA-1 hash, even where assertions use SHA-256. */
function keyCredential(pem: string) {
  const certificate = new X509Certificate(pem);
  const hash = createHash('sha1').update(certificate.raw);
  return {
    customKeyIdentifier: hash.digest('base64url'),
    displayName: certificate.subject,
    endDateTime: dateTime(certificate.validToDate),
    key: null,
    keyId: guidOf(certificate.fingerprint256),
    startDateTime: dateTime(certificate.validFromDate),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  };
}

function requiredAccess({ requiredAppRoles, requiredScopes }: Call['tenant']['registration']) {
  const find = (value: string) => graphPermissions.find((permission) => permission.value === value);
  return [
    ...requiredAppRoles.map((value) => ({ id: find(value)?.appRoleId, type: 'Role' })),
    ...requiredScopes.map((value) => ({ id: find(value)?.scopeId, type: 'Scope' })),
  ];
}
