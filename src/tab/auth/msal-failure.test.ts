import { AuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-browser';
import { expect, test } from 'vitest';
import { TookTooLong } from '../host/within.ts';
import { failureOfMsal } from './msal-failure.ts';

test.each([
  [new InteractionRequiredAuthError('', 'c'), 'interaction_required'],
  [new InteractionRequiredAuthError('interaction_required', 'c', 'AADSTS65001: not consented'), 'consent_required'],
  [new InteractionRequiredAuthError('interaction_required', 'c', 'AADSTS53003: blocked'), 'conditional_access'],
  [new AuthError('user_canceled', 'c'), 'declined'],
  [new ServerError('access_denied', 'c', 'AADSTS65004: declined'), 'declined'],
  [new AuthError('popup_window_error', 'c'), 'popup_blocked'],
  [new AuthError('no_network_connectivity', 'c'), 'offline'],
  [new AuthError('nested_app_auth_bridge_disabled', 'c'), 'bridge_broken'],
  [new ServerError('invalid_client', 'c', 'AADSTS700016: unknown application'), 'misconfigured'],
  [new AuthError('something_new', 'c'), 'unexpected'],
  [new TookTooLong('Microsoft Entra', 15_000), 'timed_out'],
  [new TypeError('oops'), 'unexpected'],
] as const)('%s becomes %s', (error, kind) => {
  expect(failureOfMsal(error).kind).toBe(kind);
});
