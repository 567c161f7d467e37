import { type Capability, isServedBy } from './capability.ts';
import type { ReasonCode } from './reason.ts';

/**
 * What Microsoft Graph answered when one capability of one mailbox was tried, read from status and `error.code` in
 * `service/graph` and nowhere else.
 */
export type MailboxAnswer =
  | { readonly kind: 'opened' }
  /** 403; `policy` when Exchange names an application access policy. */
  | { readonly kind: 'access_denied'; readonly by: 'policy' | 'exchange' | 'directory' | 'conditional_access' }
  /** 401; `graph` when Graph itself finds the token wrong, before it opens anything. */
  | { readonly kind: 'token_refused'; readonly by: 'graph' | 'exchange' }
  | { readonly kind: 'not_in_directory' }
  | { readonly kind: 'no_mailbox' }
  | { readonly kind: 'not_in_exchange_online' }
  | { readonly kind: 'type_not_supported' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'mailbox_moving' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'unexpected' };

/**
 * The reason behind an answer. Never throws.
 * @param roles app roles in the token that made the call; `undefined` when they could not be read. They tell a missing
 *   grant from a denial by Exchange: Graph answers both with the same `ErrorAccessDenied`.
 * @see graph-mail reference §5, catalogue of app-only mailbox errors
 */
export function reasonOfAnswer(
  answer: MailboxAnswer,
  capability: Capability,
  roles: readonly string[] | undefined,
): ReasonCode {
  switch (answer.kind) {
    case 'opened':
      return 'connected';
    case 'access_denied':
      return reasonOfDenial(answer.by, capability, roles);
    case 'token_refused':
      // Exchange refuses a token without any of its roles with 401; with the role in it, we cannot say why.
      return answer.by === 'exchange' && lacksPermission(capability, roles)
        ? 'consent.permission_missing'
        : 'microsoft.token_unavailable';
    case 'not_in_directory':
      return 'mailbox.not_in_directory';
    case 'no_mailbox':
      return 'mailbox.none';
    case 'not_in_exchange_online':
      return 'mailbox.not_in_exchange_online';
    case 'type_not_supported':
      return 'mailbox.type_not_supported';
    case 'throttled':
      return 'microsoft.throttled';
    case 'mailbox_moving':
      return 'microsoft.mailbox_moving';
    case 'unavailable':
      return 'microsoft.unavailable';
    case 'unreachable':
      return 'microsoft.unreachable';
    case 'unexpected':
      return 'microsoft.unexpected_answer';
  }
}

/** Whether an answer may change by asking again soon. */
export function isTransient(answer: MailboxAnswer): boolean {
  return answer.kind === 'throttled' || answer.kind === 'unavailable' || answer.kind === 'unreachable';
}

function reasonOfDenial(
  by: 'policy' | 'exchange' | 'directory' | 'conditional_access',
  capability: Capability,
  roles: readonly string[] | undefined,
): ReasonCode {
  switch (by) {
    case 'policy':
      return 'policy.application_access_policy';
    case 'conditional_access':
      return 'policy.conditional_access';
    case 'directory':
      return 'consent.permission_missing';
    case 'exchange':
      return lacksPermission(capability, roles) ? 'consent.permission_missing' : 'access.denied_by_exchange';
  }
}

function lacksPermission(capability: Capability, roles: readonly string[] | undefined): boolean {
  return roles !== undefined && !isServedBy(capability, roles);
}
