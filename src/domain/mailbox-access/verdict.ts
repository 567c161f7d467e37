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

/**
 * Sums up the results of one mailbox. Never throws, and never turns "could not tell" into "no access" or into "fine".
 * What cannot be tried and is not known to be missing speaks only when there is nothing else to speak:
 * - every capability connected: working;
 * - one connected and another denied, ineligible or unknown: limited, with the reason of what is missing;
 * - none connected, and one could not be judged: could not tell, unless there is no mailbox at all;
 * - none connected, all judged: blocked, with the first reason in the order of {@link capabilities};
 * - nothing that can be tried: could not tell, with what the grants say.
 * @param results one result per capability that the organization uses, in any order; empty means not checked
 */
export function judgeMailbox(results: readonly CapabilityResult[]): MailboxVerdict | undefined {
  const all = [...results].sort((a, b) => capabilities.indexOf(a.capability) - capabilities.indexOf(b.capability));
  if (!all[0]) return undefined;
  const ordered = all.filter((result) => outcomeOf(result) !== 'unproven');
  const [first] = ordered;
  if (!first) return verdict('could_not_tell', all[0].reason);

  const isConnected = (result: CapabilityResult) => outcomeOf(result) === 'connected';
  const missing = ordered.filter((result) => !isConnected(result));
  const [firstMissing] = missing;
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

function outcomeOf(result: CapabilityResult): Outcome {
  return outcomeOfReason[result.reason];
}

function verdict(status: AccessStatus, reason: ReasonCode): MailboxVerdict {
  return { status, reason, outcome: status === 'limited' ? 'connected' : outcomeOfReason[reason] };
}
