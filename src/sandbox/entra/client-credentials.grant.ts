import { registrationOf } from '../world.ts';
import { authenticateConfidentialClient } from './client-authentication.ts';
import { checkEnabled, unknownApplication } from './delegated-tokens.ts';
import { parameter } from './form-parameter.ts';
import { readDefaultScope } from './resources.ts';
import { concreteTenant } from './tenant-in-path.ts';
import type { TokenRequest } from './token-request.ts';
import { issueAppOnlyToken } from './tokens.ts';

/**
 * A token for the application itself.
 * @see Microsoft Learn, OAuth 2.0 client credentials flow
 * @throws {EntraError}
 */
export function grantClientCredentials({ world, tenantName, form }: TokenRequest) {
  const tenant = concreteTenant(world, tenantName);
  const clientId = parameter(form, 'client_id');
  const registration = registrationOf(world, clientId);
  const principal = registration && tenant.grants.servicePrincipals.get(clientId);
  if (!principal) throw unknownApplication(clientId, tenant);
  const resource = readDefaultScope(world, form.get('scope') ?? '');
  const proof = authenticateConfidentialClient(world, tenant, form);
  checkEnabled(principal);
  const issued = issueAppOnlyToken(
    world,
    tenant,
    { appId: clientId, servicePrincipalId: principal.id, proof },
    resource,
  );
  return {
    token_type: 'Bearer',
    expires_in: issued.expiresInSeconds,
    ext_expires_in: issued.expiresInSeconds,
    access_token: issued.token,
  };
}
