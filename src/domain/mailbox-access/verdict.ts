import { type Capability, capabilities } from './capability.ts';
import { type Outcome, outcomeOfReason, type ReasonCode } from './reason.ts';

/** The words an admin sees for a mailbox, loudest first: lists sort by this order. */
export const accessStatuses = [
  'exposed',
  'blocked',
  'limited',
  'could_not_tell',
  'waiting',
  'not_checked',
  'working',
] as const;
export type AccessStatus = (typeof accessStatuses)[number];

/** What one live call (or the token before it) said about one capability. */
export interface CapabilityResult {
  readonly capability: Capability;
  readonly reason: ReasonCode;
}

/** The one verdict of a mailbox: a word for the list, and the reason that explains it. */
export interface MailboxVerdict {
  readonly status: AccessStatus;
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
}

/** Where the intended limit has a mailbox; `not_limited` when no limit is intended. */
export const intendedSides = ['inside', 'outside', 'not_limited'] as const;
export type IntendedSide = (typeof intendedSides)[number];

/** What should be, and whether Microsoft may not show it yet. */
export interface Expectation {
  readonly intended: IntendedSide;
  /** A change of the limit was made, and Exchange’s bound for it has not passed. */
  readonly isSpreading: boolean;
  /** A change of consent was made, and its bound has not passed. */
  readonly isConsentSpreading: boolean;
}

/** Denials that a change of the limit can bring and take away. */
const movedByScope: readonly ReasonCode[] = [
  'consent.permission_missing',
  'policy.application_access_policy',
  'access.denied_by_exchange',
];
/** Denials that a change of consent can take away. */
const movedByConsent: readonly ReasonCode[] = ['consent.permission_missing', 'consent.application_unknown'];

/**
 * Sums up the results of one mailbox against what is intended. Never throws, and never turns "could not tell" into "no
 * access" or into "fine". Outside the intended limit:
 * - one capability connected: exposed, or waiting while a change of the limit spreads;
 * - every one denied: blocked, as intended; could not tell where Entra grants what cannot be tried.
 * Otherwise, and where nothing is known to be open or closed:
 * - every capability connected: working;
 * - one connected and another denied, ineligible or unknown: limited, with the reason of what is missing;
 * - none connected, and one could not be judged: could not tell, unless there is no mailbox at all;
 * - none connected, all judged: blocked, with the first reason in the order of {@link capabilities}; waiting while a
 *   change spreads that may have brought the denial, or may take it away;
 * - nothing that can be tried: could not tell, with what the grants say.
 * What cannot be tried and is not known to be missing speaks only when there is nothing else to speak.
 * @param results one result per capability that the organization uses, in any order; empty means not checked
 */
export function judgeMailbox(
  results: readonly CapabilityResult[],
  expectation: Expectation,
): MailboxVerdict | undefined {
  const { intended, isSpreading, isConsentSpreading } = expectation;
  if (intended === 'outside' && results.some(isConnected)) {
    return isSpreading
      ? verdict('waiting', 'microsoft.change_spreading')
      : verdict('exposed', 'access.open_outside_scope');
  }
  const found = judgeAnswers(results);
  if (found?.status !== 'blocked' || found.outcome !== 'denied') return found;
  if (intended === 'outside') {
    // What Entra grants is not limited by a role in Exchange, and nobody tries to send.
    const maySend = results.some(({ reason }) => reason === 'consent.permission_granted');
    return maySend
      ? verdict('could_not_tell', 'access.may_send_outside_scope')
      : verdict('blocked', 'access.outside_scope');
  }
  const isSettling = maySettle(found.reason, { isSpreading, isConsentSpreading });
  return isSettling ? verdict('waiting', 'microsoft.change_spreading') : found;
}

/** Whether a denial may come from a change that spreads, and so may pass. */
export function maySettle(
  reason: ReasonCode,
  { isSpreading, isConsentSpreading }: Pick<Expectation, 'isSpreading' | 'isConsentSpreading'>,
): boolean {
  return (isSpreading && movedByScope.includes(reason)) || (isConsentSpreading && movedByConsent.includes(reason));
}

/** What the answers say by themselves, whatever is intended. */
function judgeAnswers(results: readonly CapabilityResult[]): MailboxVerdict | undefined {
  const ordered = results.filter((result) => outcomeOf(result) !== 'unproven').sort(byCapability);
  const first = ordered[0];
  if (!first) {
    const untried = results.toSorted(byCapability)[0];
    return untried && verdict('could_not_tell', untried.reason);
  }

  const missing = ordered.filter((result) => !isConnected(result));
  const firstMissing = missing[0];
  if (!firstMissing) return verdict('working', first.reason);

  const unknown = missing.find((result) => outcomeOf(result) === 'inconclusive');
  if (ordered.some(isConnected)) {
    const known = missing.find((result) => outcomeOf(result) !== 'inconclusive');
    // A feature that could not be judged must not be reported as a missing one: the known reason speaks first.
    return known ? verdict('limited', known.reason) : verdict('could_not_tell', firstMissing.reason);
  }

  // "There is no mailbox" holds for every capability, so one throttled call beside it changes nothing.
  const noMailbox = missing.find((result) => outcomeOf(result) === 'ineligible');
  if (noMailbox) return verdict('blocked', noMailbox.reason);
  return unknown ? verdict('could_not_tell', unknown.reason) : verdict('blocked', firstMissing.reason);
}

function byCapability(one: CapabilityResult, other: CapabilityResult): number {
  return capabilities.indexOf(one.capability) - capabilities.indexOf(other.capability);
}

function isConnected(result: CapabilityResult): boolean {
  return outcomeOf(result) === 'connected';
}

function outcomeOf(result: CapabilityResult): Outcome {
  return outcomeOfReason[result.reason];
}

function verdict(status: AccessStatus, reason: ReasonCode): MailboxVerdict {
  return { status, reason, outcome: status === 'limited' ? 'connected' : outcomeOfReason[reason] };
}
