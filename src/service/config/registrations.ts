import { z } from 'zod';
import type { AppId, TenantId } from '../../domain/ids.ts';
import type { RegistrationName } from '../../domain/registration.ts';
import { type Credential, readCredential } from './credential.ts';
import { guid, type Variables } from './variables.ts';

/** An application that organizations may use in the place of the service's own one. */
export interface Registration {
  readonly name: RegistrationName;
  readonly clientId: AppId;
  readonly credential: Credential;
  /** Tenants that may use it; all unless named. */
  readonly tenantIds?: readonly TenantId[];
}

/**
 * Further applications: `REGISTRATIONS` names them, and each has the variables of the main one behind a prefix, such as
 * `REGISTRATION_LEGAL_CLIENT_ID` and `REGISTRATION_LEGAL_CLIENT_SECRET`.
 */
export function readRegistrations(
  read: Variables,
  faults: string[],
  main: { readonly clientId: string | undefined; readonly tenantIds: readonly string[] },
): Registration[] {
  const names =
    read.list(
      'REGISTRATIONS',
      registrationName,
      'names of up to 32 lower-case letters, digits and dashes, a letter first',
    ) ?? [];
  const clientIds = new Set([main.clientId]);
  const registrations: Registration[] = [];
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) {
      faults.push(`REGISTRATIONS names ${name} twice: give each registration a name of its own.`);
      continue;
    }
    const prefix = `REGISTRATION_${name.toUpperCase().replaceAll('-', '_')}_`;
    const clientId = read.required(
      `${prefix}CLIENT_ID`,
      guid,
      'the Application (client) ID of that registration, a GUID',
    );
    const credential = readCredential(read, faults, prefix);
    const tenantIds = read.list(`${prefix}TENANT_ID`, guid, 'one or several of TENANT_ID, separated by commas') ?? [];
    if (tenantIds.some((tenantId) => !main.tenantIds.includes(tenantId))) {
      faults.push(`${prefix}TENANT_ID names a tenant that TENANT_ID does not: add it there, or take it out here.`);
    }
    if (clientId && clientIds.has(clientId)) {
      faults.push(
        `${prefix}CLIENT_ID is that of another registration: every name stands for an application of its own.`,
      );
    } else if (clientId && credential) {
      registrations.push({
        name,
        clientId: clientId as AppId,
        credential,
        ...(tenantIds.length > 0 ? { tenantIds: tenantIds as TenantId[] } : {}),
      });
    }
    clientIds.add(clientId);
  }
  return registrations;
}

const registrationName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(32)
  .transform((name) => name as RegistrationName);
