import { randomBytes, randomUUID } from 'node:crypto';
import { mayConsent } from '../tenant/directory-roles.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import { accountPage } from './account-page.ts';
import { checkClient, missingScopes, notConsented } from './delegated-tokens.ts';
import { checkRedirect, type DialogRequest, signedIn } from './dialog.ts';
import { EntraError, errorBody } from './entra-error.ts';
import { errorPage } from './page.ts';
import { approvalNeededPage, permissionsPage } from './permissions-page.ts';
import type { Platform } from './platform.ts';
import { type ResponseMode, redirectBack } from './redirect.ts';
import { type RequestedScopes, readScopes } from './resources.ts';
import { type Account, pickAccount } from './sign-ins.ts';
import { dialogTenant } from './tenant-in-path.ts';
import { clientInfoOf } from './tokens.ts';
import { askedFor, describeScope, grantAsked, userMayConsent } from './user-consent.ts';

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
  readonly platform: Platform;
  readonly mode: ResponseMode;
  readonly back: (parameters: Record<string, string | undefined>) => Promise<Response>;
  readonly refuse: (error: EntraError, oauthError?: string) => Promise<Response>;
}

/** @throws {EntraError} for what Entra shows on a page of its own, because the redirect URI is not to be trusted */
function readRequest({ world, tenantName, query }: DialogRequest): Authorization {
  const tenant = dialogTenant(world, tenantName);
  const redirectUri = checkRedirect(world.registration, tenant, query);
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
    return authorization.refuse(notConsented(world, clientId, 'consent_required'));
  }
  const isAdmin = mayConsent(account.person.directoryRoles, 'others');
  const asked = askedFor(world, scopes, missing);
  if (!isAdmin && !asked.every((scope) => userMayConsent(world, scopes.resource, scope))) {
    return approvalNeededPage(world.registration, account, authorization.redirectUri);
  }
  return permissionsPage({
    registration: world.registration,
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
function checkParameters(world: World, query: URLSearchParams, platform: Platform): RequestedScopes {
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
