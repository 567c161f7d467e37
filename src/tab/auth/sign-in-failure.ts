/** Why a sign-in did not work; each has its screen with one next step. */
export const signInFailureKinds = [
  'not_configured',
  'silent_host',
  'interaction_required',
  'consent_required',
  'declined',
  'popup_blocked',
  'conditional_access',
  'misconfigured',
  'bridge_broken',
  'timed_out',
  'offline',
  'not_an_admin',
  'tenant_not_set_up',
  'service_refused',
  'service_unreachable',
  'unexpected',
] as const;
export type SignInFailureKind = (typeof signInFailureKinds)[number];

export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  readonly kind: SignInFailureKind;
  /** What the host or Microsoft said, for whoever helps the admin. Never a token. */
  readonly technical: string;

  constructor(kind: SignInFailureKind, technical: string, options?: ErrorOptions) {
    super(`${kind}: ${technical}`, options);
    this.kind = kind;
    this.technical = technical;
  }
}

/** Failures after which another click lets Microsoft ask the admin. */
export function canAskByClick(kind: SignInFailureKind): boolean {
  return (
    kind === 'interaction_required' || kind === 'consent_required' || kind === 'declined' || kind === 'popup_blocked'
  );
}
