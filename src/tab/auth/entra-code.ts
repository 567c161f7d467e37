import type { SignInFailureKind } from './sign-in-failure.ts';

/** Entra's own code in what a library or host reports, such as `AADSTS53003`; nothing else of the text is read. */
export function entraCodeOf(text: string): string | undefined {
  return /AADSTS\d{4,7}/.exec(text)?.[0];
}

/** @see Microsoft Entra authentication and authorization error codes */
const kindOfCode: Readonly<Record<string, SignInFailureKind>> = {
  AADSTS65001: 'consent_required',
  AADSTS65004: 'declined',
  AADSTS90094: 'consent_required',
  AADSTS50105: 'conditional_access',
  AADSTS50158: 'interaction_required',
  AADSTS50058: 'interaction_required',
  AADSTS50076: 'interaction_required',
  AADSTS50079: 'interaction_required',
  AADSTS53000: 'conditional_access',
  AADSTS53001: 'conditional_access',
  AADSTS53002: 'conditional_access',
  AADSTS53003: 'conditional_access',
  AADSTS53009: 'conditional_access',
  AADSTS530003: 'conditional_access',
  AADSTS530021: 'conditional_access',
  AADSTS50011: 'misconfigured',
  AADSTS500011: 'misconfigured',
  AADSTS650052: 'misconfigured',
  AADSTS650053: 'misconfigured',
  AADSTS700016: 'misconfigured',
  AADSTS9002326: 'misconfigured',
};

export function kindOfEntraCode(code: string | undefined): SignInFailureKind | undefined {
  return code === undefined ? undefined : kindOfCode[code];
}
