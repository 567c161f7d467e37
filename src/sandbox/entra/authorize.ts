import { randomBytes, randomUUID } from 'node:crypto';
import { mayConsent } from '../tenant/directory-roles.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { findTenant, type World } from '../world.ts';
import { accountPage } from './account-page.ts';
import { checkClient, missingScopes } from './delegated-tokens.ts';
import { EntraError, errorBody } from './entra-error.ts';
import { errorPage } from './page.ts';
import { approvalNeededPage, permissionsPage } from './permissions-page.ts';
import { type ResponseMode, redirectBack } from './redirect.ts';
import { type RequestedScopes, readScopes } from './resources.ts';
import { type Account, pickAccount, type SignIns } from './sign-ins.ts';
import { type TokenStore, unknownTenant } from './token-endpoint.ts';
import { clientInfoOf } from './tokens.ts';
import { askedFor, describeScope, grantAsked, userMayConsent } from './user-consent.ts';

/** A dialog in the browser: authorize or admin consent, at any of its steps. */
export interface DialogRequest {
  readonly world: World;
  readonly store: TokenStore;
  readonly signIns: SignIns;
  /** From the path. */
  readonly tenantName: string;
  readonly query: URLSearchParams;
  /** What a form of the dialog posted; absent when the dialog opens. */
  readonly form: URLSearchParams | undefined;
  readonly cookie: string | undefined;
}

/** Answers `/{tenant}/oauth2/v2.0/authorize`. @see Microsoft Learn, OAuth 2.0 authorization code flow */
export async function authorize(request: DialogRequest): Promise<Response> {
  try {
    return await converse(request, readRequest(request));
  } catch (error) {
    if (error instanceof EntraError) return errorPage(error.code, error.message);
    throw error;
  }
}

interface Authorization {
  readonly tenant: Tenant | undefined;
  readonly redirectUri: string;
  readonly platform: 'web' | 'spa';
  readonly mode: ResponseMode;
  readonly back: (parameters: Record<string, string | undefined>) => Promise<Response>;
  readonly refuse: (error: EntraError, oauthError?: string) => Promise<Response>;
}

/** @throws {EntraError} for what Entra shows on a page of its own, because the redirect URI is not to be trusted */
function readRequest({ world, tenantName, query }: DialogRequest): Authorization {
  const tenant = dialogTenant(world, tenantName);
  const redirectUri = checkRedirect(world, tenant, query);
  const platform = world.registration.redirectUris.spa.includes(redirectUri) ? 'spa' : 'web';
  const asked = query.get('response_mode') ?? 'query';
  if (asked !== 'query' && asked !== 'fragment' && asked !== 'form_post') {
    throw new EntraError(90014, 'invalid_request', `The response mode '${asked}' is not supported.`);
  }
  const state = query.get('state') ?? undefined;
  const back = (parameters: Record<string, string | undefined>) =>
    redirectBack(redirectUri, asked, { ...parameters, state });
  return {
    tenant,
    redirectUri,
    platform,
    mode: asked,
    back,
    refuse: (error, oauthError = error.error) =>
      back({ error: oauthError, error_description: errorBody(error, world.clock.now()).error_description }),
  };
}

async function converse(request: DialogRequest, authorization: Authorization): Promise<Response> {
  const { world, signIns, query, form, cookie } = request;
  let scopes: RequestedScopes;
  try {
    scopes = checkParameters(world, query, authorization.platform);
  } catch (error) {
    if (error instanceof EntraError) return authorization.refuse(error);
    throw error;
  }
  if (form) return nextStep(request, authorization, scopes, form);

  const session = signIns.ofBrowser(cookie);
  const usable = session && (!authorization.tenant || session.tenant === authorization.tenant) ? session : undefined;
  const hint = query.get('login_hint') ?? undefined;
  const isHinted = !hint || usable?.person.userPrincipalName.toLowerCase() === hint.toLowerCase();
  const prompt = query.get('prompt');
  if (prompt === 'none') {
    if (usable && isHinted) return finish(request, authorization, usable, scopes, 'silent');
    const text = 'A silent sign-in request was sent but no user is signed in.';
    return authorization.refuse(new EntraError(50058, 'login_required', text));
  }
  if (usable && isHinted && prompt !== 'login' && prompt !== 'select_account') {
    return finish(request, authorization, usable, scopes, 'interactive');
  }
  return accountPage({
    world,
    tenant: authorization.tenant,
    hint: hint ?? usable?.person.userPrincipalName,
    leadsTo: authorization.redirectUri,
  });
}

async function nextStep(
  request: DialogRequest,
  authorization: Authorization,
  scopes: RequestedScopes,
  form: URLSearchParams,
): Promise<Response> {
  const { world, signIns, query } = request;
  const { tenant, redirectUri } = authorization;
  const decision = form.get('decision');
  if (decision === 'restart') return accountPage({ world, tenant, hint: undefined, leadsTo: redirectUri });
  if (decision === 'not_admin')
    return authorization.refuse(
      new EntraError(
        90094,
        'access_denied',
        'Admin consent is required for the permissions requested by this application.',
      ),
    );
  if (decision === 'cancel')
    return authorization.refuse(new EntraError(65004, 'access_denied', 'User declined to consent to access the app.'));
  const step = form.get('step');
  if (step) {
    const account = signIns.atStep(step);
    if (!account) return errorPage(90013, 'Invalid input received from the user.');
    const isAdmin = mayConsent(account.person.directoryRoles, 'others');
    grantAsked(world, account, scopes, isAdmin && form.get('everybody') === 'yes' ? 'everybody' : 'user');
    return signedIn(signIns, account, await issueCode(request, authorization, account));
  }
  try {
    const account = pickAccount(world, tenant, form.get('other')?.trim() || form.get('account') || '');
    return signedIn(signIns, account, await finish(request, authorization, account, scopes, 'interactive'));
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    const problem = `AADSTS${error.code}: ${error.message}`;
    return accountPage({ world, tenant, hint: query.get('login_hint') ?? undefined, leadsTo: redirectUri, problem });
  }
}

async function finish(
  request: DialogRequest,
  authorization: Authorization,
  account: Account,
  scopes: RequestedScopes,
  way: 'silent' | 'interactive',
): Promise<Response> {
  const { world, signIns, query } = request;
  const { clientId } = world.registration;
  checkClient(world, account.tenant, clientId);
  const missing = missingScopes(account.tenant, account.person, clientId, scopes);
  if (missing.length === 0 && query.get('prompt') !== 'consent') return issueCode(request, authorization, account);
  if (way === 'silent') {
    const text = `The user or administrator has not consented to use the application with ID '${clientId}' named '${world.registration.displayName}'. Send an interactive authorization request for this user and resource.`;
    return authorization.refuse(new EntraError(65001, 'consent_required', text));
  }
  const isAdmin = mayConsent(account.person.directoryRoles, 'others');
  const asked = askedFor(world, scopes, missing);
  if (!isAdmin && !asked.every((scope) => userMayConsent(world, scopes.resource, scope))) {
    return approvalNeededPage(world, account, authorization.redirectUri);
  }
  return permissionsPage({
    world,
    account,
    step: signIns.begin(account),
    leadsTo: authorization.redirectUri,
    permissions: asked.map((scope) => ({ displayName: describeScope(world, scope), kind: 'Delegated' })),
    onBehalfOf: isAdmin ? 'user_or_organization' : 'user',
  });
}

function issueCode(request: DialogRequest, authorization: Authorization, account: Account): Promise<Response> {
  const { world, store, query } = request;
  const code = `1.${randomBytes(48).toString('base64url')}`;
  store.codes.set(code, {
    ...account,
    clientId: world.registration.clientId,
    redirectUri: authorization.redirectUri,
    platform: authorization.platform,
    scopes: query.get('scope') ?? '',
    challenge: query.get('code_challenge') ?? undefined,
    nonce: query.get('nonce') ?? undefined,
    expiresAt: new Date(world.clock.now().getTime() + 10 * 60_000),
    used: false,
  });
  return authorization.back({
    code,
    ...(query.get('client_info') === '1' && { client_info: clientInfoOf(account.tenant, account.person) }),
    session_state: randomUUID(),
  });
}

/** @throws {EntraError} for what Entra tells the application by redirect */
function checkParameters(world: World, query: URLSearchParams, platform: 'web' | 'spa'): RequestedScopes {
  const responseType = query.get('response_type');
  if (responseType !== 'code') {
    const text = `The response_type '${responseType}' is not enabled for the application.`;
    throw new EntraError(700054, 'unsupported_response_type', text);
  }
  const method = query.get('code_challenge_method');
  if (query.has('code_challenge') && method !== 'S256') {
    throw new EntraError(50147, 'invalid_request', 'The code challenge method is not supported here: use S256.');
  }
  if (platform === 'spa' && !query.has('code_challenge')) {
    const text = 'Proof Key for Code Exchange is required for cross-origin authorization code redemption.';
    throw new EntraError(9002325, 'invalid_request', text);
  }
  return readScopes(world, query.get('scope') ?? '');
}

/** @throws {EntraError} 90002 unknown tenant, 50194 where the application has one tenant only */
export function dialogTenant(world: World, name: string): Tenant | undefined {
  if (name === 'organizations' || name === 'common') {
    if (world.registration.signInAudience === 'AzureADMultipleOrgs') return undefined;
    throw new EntraError(
      50194,
      'invalid_request',
      `Application '${world.registration.clientId}'(${world.registration.displayName}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
    );
  }
  const tenant = findTenant(world, name);
  if (!tenant) throw unknownTenant(name);
  return tenant;
}

/**
 * @returns the redirect URI, registered exactly so
 * @throws {EntraError} 700016 unknown client, 50011 redirect URI not registered
 */
export function checkRedirect(world: World, tenant: Tenant | undefined, query: URLSearchParams): string {
  const clientId = query.get('client_id');
  const { registration } = world;
  if (clientId !== registration.clientId) {
    throw new EntraError(
      700016,
      'unauthorized_client',
      `Application with identifier '${clientId}' was not found in the directory '${tenant?.displayName ?? 'of the account'}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  const redirectUri = query.get('redirect_uri') ?? '';
  if (![...registration.redirectUris.web, ...registration.redirectUris.spa].includes(redirectUri)) {
    throw new EntraError(
      50011,
      'invalid_request',
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.`,
    );
  }
  return redirectUri;
}

/** Keeps the browser signed in with this account. */
export function signedIn(signIns: SignIns, account: Account, response: Response): Response {
  response.headers.append('set-cookie', signIns.signIn(account));
  return response;
}
