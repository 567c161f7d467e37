import { AuthError, InteractionRequiredAuthError } from '@azure/msal-browser';
import { TookTooLong } from '../host/within.ts';
import { entraCodeOf, kindOfEntraCode } from './entra-code.ts';
import { SignInFailure, type SignInFailureKind } from './sign-in-failure.ts';

const kindOfCode: Readonly<Record<string, SignInFailureKind>> = {
  user_canceled: 'declined',
  user_cancelled: 'declined',
  access_denied: 'declined',
  consent_required: 'consent_required',
  interaction_required: 'interaction_required',
  login_required: 'interaction_required',
  no_account_error: 'interaction_required',
  no_account_found: 'interaction_required',
  popup_window_error: 'popup_blocked',
  empty_window_error: 'popup_blocked',
  timed_out: 'timed_out',
  no_network_connectivity: 'offline',
  nested_app_auth_bridge_disabled: 'bridge_broken',
  unsupported_method: 'bridge_broken',
  authority_uri_insecure: 'misconfigured',
  endpoints_resolution_error: 'misconfigured',
  openid_config_error: 'misconfigured',
  url_parse_error: 'misconfigured',
  invalid_client: 'misconfigured',
  unauthorized_client: 'misconfigured',
  invalid_resource: 'misconfigured',
};

/**
 * What a failed call of MSAL means for the admin. Entra's own code is the most exact; then the class, because the code
 * of an interaction that is required can be empty; then MSAL's code.
 */
export function failureOfMsal(error: unknown): SignInFailure {
  if (error instanceof SignInFailure) return error;
  const options = { cause: error };
  if (error instanceof TookTooLong) return new SignInFailure('timed_out', error.message, options);
  if (!(error instanceof AuthError)) return new SignInFailure('unexpected', String(error), options);

  const technical = [error.errorCode, error.errorMessage, error.correlationId].filter(Boolean).join(' · ');
  const byClass = error instanceof InteractionRequiredAuthError ? 'interaction_required' : undefined;
  const kind = kindOfEntraCode(entraCodeOf(error.errorMessage)) ?? kindOfCode[error.errorCode] ?? byClass;
  return new SignInFailure(kind ?? 'unexpected', technical, options);
}
