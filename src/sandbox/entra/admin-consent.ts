import { mayConsent } from '../tenant/directory-roles.ts';
import { exchangeOnlineAppId, graphAppId, graphPermissions } from '../tenant/permissions.ts';
import type { ApplicationRegistration } from '../tenant/registration.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { registrationOf, type World } from '../world.ts';
import { accountPage } from './account-page.ts';
import { unknownApplication } from './delegated-tokens.ts';
import { checkRedirect, type DialogRequest, signedIn } from './dialog.ts';
import { EntraError, errorBody } from './entra-error.ts';
import { errorPage } from './page.ts';
import { approvalNeededPage, permissionsPage } from './permissions-page.ts';
import { redirectBack } from './redirect.ts';
import { exchangeAudience, readScopes } from './resources.ts';
import { type Account, pickAccount } from './sign-ins.ts';
import { dialogTenant } from './tenant-in-path.ts';
import { describeScope } from './user-consent.ts';

/** What consent for the whole tenant would grant. */
interface Consent {
  /** The application that is consented to. */
  readonly registration: ApplicationRegistration;
  readonly tenant: Tenant | undefined;
  readonly redirectUri: string;
  /** Values of Microsoft Graph app roles. */
  readonly appRoles: readonly string[];
  /** Delegated scopes. */
  readonly scopes: readonly string[];
  /** The API whose scopes they are. */
  readonly resourceAppId: string;
  /** Whether the application's own list is applied, so that what is no longer in it goes away. */
  readonly appliesRegistration: boolean;
}

/**
 * Answers `/{tenant}/adminconsent` and `/{tenant}/v2.0/adminconsent`.
 * @see Microsoft Learn, Admin consent on the Microsoft identity platform
 */
export async function adminConsent(request: DialogRequest, version: 'v1' | 'v2.0'): Promise<Response> {
  const { world, signIns, form, cookie } = request;
  try {
    const consent = readConsent(request, version);
    if (form) return await nextStep(request, version, consent, form);
    const hint = request.query.get('login_hint') ?? signIns.ofBrowser(cookie)?.person.userPrincipalName;
    return await accountPage({ world, tenant: consent.tenant, hint, leadsTo: consent.redirectUri });
  } catch (error) {
    if (error instanceof EntraError) return errorPage(error.code, error.message);
    throw error;
  }
}

/** @throws {EntraError} for what Entra shows on a page of its own */
function readConsent({ world, tenantName, query }: DialogRequest, version: 'v1' | 'v2.0'): Consent {
  if (version === 'v2.0' && tenantName === 'common') {
    const { clientId, displayName } = registrationOf(world, query.get('client_id')) ?? world.registration;
    throw new EntraError(
      90130,
      'invalid_request',
      `Application '${clientId}' (${displayName}) is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.`,
    );
  }
  const tenant = dialogTenant(world, tenantName);
  const registration = registrationOf(world, query.get('client_id'));
  const redirectUri = checkRedirect(registration, tenant, query);
  if (!registration) throw unknownApplication(query.get('client_id'), tenant);
  const { requiredAppRoles: appRoles, requiredScopes: scopes } = registration;
  const registered = {
    registration,
    tenant,
    redirectUri,
    appRoles,
    scopes,
    resourceAppId: graphAppId,
    appliesRegistration: true,
  };
  if (version === 'v1') return registered;

  const asked = readScopes(world, query.get('scope') ?? '');
  if (asked.values.includes('.default')) return registered;
  // Named scopes are delegated ones; application permissions come through `.default` only.
  const { appId: resourceAppId } = asked.resource;
  return {
    registration,
    tenant,
    redirectUri,
    appRoles: [],
    scopes: asked.values,
    resourceAppId,
    appliesRegistration: false,
  };
}

async function nextStep(
  request: DialogRequest,
  version: 'v1' | 'v2.0',
  consent: Consent,
  form: URLSearchParams,
): Promise<Response> {
  const { world, signIns, query } = request;
  const { tenant, redirectUri } = consent;
  const state = query.get('state') ?? undefined;
  const decision = form.get('decision');
  if (decision === 'restart') return accountPage({ world, tenant, hint: undefined, leadsTo: redirectUri });
  if (decision === 'cancel') return cancelled(world, redirectUri, state);
  if (decision === 'not_admin') {
    const error = new EntraError(
      90094,
      'access_denied',
      'Admin consent is required for the permissions requested by this application.',
    );
    return refused(world, redirectUri, state, error);
  }
  const account = signIns.atStep(form.get('step') ?? '');
  if (account) return accepted(world, account, version, consent, state);
  try {
    const picked = pickAccount(world, tenant, form.get('other')?.trim() || form.get('account') || '');
    return signedIn(signIns, picked, await askFor(request, consent, picked));
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    const problem = `AADSTS${error.code}: ${error.message}`;
    return accountPage({ world, tenant, hint: undefined, leadsTo: redirectUri, problem });
  }
}

function askFor({ world, signIns }: DialogRequest, consent: Consent, account: Account): Promise<Response> {
  const to = consent.appRoles.length > 0 ? 'graph_application_permissions' : 'others';
  if (!mayConsent(account.person.directoryRoles, to))
    return approvalNeededPage(consent.registration, account, consent.redirectUri);
  return permissionsPage({
    registration: consent.registration,
    account,
    step: signIns.begin(account),
    leadsTo: consent.redirectUri,
    onBehalfOf: 'organization',
    permissions: [
      ...consent.appRoles.map((value) => ({
        displayName: graphPermissions.find((permission) => permission.value === value)?.displayName ?? value,
        kind: `Application · ${value}`,
      })),
      ...consent.scopes.map((value) => ({ displayName: describeScope(world, value), kind: `Delegated · ${value}` })),
    ],
  });
}

function accepted(
  world: World,
  { tenant }: Account,
  version: 'v1' | 'v2.0',
  consent: Consent,
  state: string | undefined,
): Promise<Response> {
  const { grants } = tenant;
  const application = grants.addApplication(undefined, consent.registration);
  if (consent.appliesRegistration) {
    const graph = grants.servicePrincipals.get(graphAppId);
    for (const assignment of grants.assignmentsOf(application.id)) {
      const value = grants.valueOf(graphAppId, assignment.appRoleId);
      if (assignment.resourceId === graph?.id && !consent.appRoles.includes(value ?? '')) grants.revoke(assignment.id);
    }
    if (consent.registration === world.registration) {
      grants.grantScopes(application.appId, application.appId, [world.registration.scope.value], null);
    }
  }
  grants.grantTo(consent.registration, ...consent.appRoles);
  grants.grantScopes(application.appId, consent.resourceAppId, consent.scopes, null);
  const audience = consent.resourceAppId === exchangeOnlineAppId ? exchangeAudience : world.origins.graph;
  const granted = [...consent.appRoles, ...consent.scopes].map((value) => `${audience}/${value}`).join(' ');
  return redirectBack(consent.redirectUri, 'query', {
    admin_consent: 'True',
    tenant: tenant.id,
    state,
    ...(version === 'v2.0' && { scope: granted }),
  });
}

/** The documents know several redirects after *Cancel*; `admin_consent=True` is in one of them. */
function cancelled(world: World, redirectUri: string, state: string | undefined): Promise<Response> {
  const shape = world.settings.cancelledConsentError;
  if (shape === 'permission_denied') {
    const parameters = { error: shape, error_description: 'The admin canceled the request', state };
    return redirectBack(redirectUri, 'query', parameters);
  }
  const error = new EntraError(65004, shape, 'User declined to consent to access the app.');
  return refused(world, redirectUri, state, error, shape === 'consent_required' ? 'True' : undefined);
}

function refused(
  world: World,
  redirectUri: string,
  state: string | undefined,
  error: EntraError,
  adminConsentParameter?: string,
): Promise<Response> {
  return redirectBack(redirectUri, 'query', {
    admin_consent: adminConsentParameter,
    error: error.error,
    error_description: errorBody(error, world.clock.now()).error_description,
    state,
  });
}
