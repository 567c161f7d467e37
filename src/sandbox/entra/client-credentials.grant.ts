import { authenticateConfidentialClient } from './client-authentication.ts';
import { checkClient, unknownApplication } from './delegated-tokens.ts';
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
  const principal = clientId === world.registration.clientId ? tenant.grants.application : undefined;
  if (!principal) throw unknownApplication(clientId, tenant);
  const resource = readDefaultScope(world, form.get('scope') ?? '');
  const proof = authenticateConfidentialClient(world, tenant, form);
  checkClient(world, tenant, clientId);
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
