import { TookTooLong } from '../host/within.ts';
import { entraCodeOf, kindOfEntraCode } from './entra-code.ts';
import { SignInFailure, type SignInFailureKind } from './sign-in-failure.ts';

/** Teams reports a failed token as free text; these words have been seen in it. The first that fits decides. */
const words: readonly (readonly [RegExp, SignInFailureKind])[] = [
  [/resourcedisabled|invalid_resource|iframe origin do not match|unsupportedhost/i, 'misconfigured'],
  [/consent_?required|requiresconsent/i, 'consent_required'],
  [/requiresmfa|interaction_?required|tokenrevoked|invalid_grant/i, 'interaction_required'],
  [/cancell?ed|access_denied|declined/i, 'declined'],
  [/failedtoopenwindow|popup/i, 'popup_blocked'],
  [/network|offline/i, 'offline'],
];

/** What a failed call of teams-js means for the admin. */
export function failureOfTeams(error: unknown): SignInFailure {
  if (error instanceof SignInFailure) return error;
  const text = textOf(error);
  const options = { cause: error };
  if (error instanceof TookTooLong) return new SignInFailure('timed_out', text, options);
  const kind = kindOfEntraCode(entraCodeOf(text)) ?? words.find(([pattern]) => pattern.test(text))?.[1];
  return new SignInFailure(kind ?? 'unexpected', text, options);
}

/** teams-js rejects with errors, with plain texts and with its own error objects. */
function textOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : JSON.stringify(error);
}
