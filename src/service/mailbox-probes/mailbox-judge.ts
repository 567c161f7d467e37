import { isProbed } from '../../domain/mailbox-access/capability.ts';
import type { ReasonCode } from '../../domain/mailbox-access/reason.ts';
import { reasonOfUnprobed } from '../../domain/mailbox-access/unprobed.ts';
import { judgeMailbox } from '../../domain/mailbox-access/verdict.ts';
import type { Clock } from '../clock.ts';
import type { StoredCapabilityResult } from '../db/schema/mailbox-connectivity.ts';
import type { Metrics } from '../metrics.ts';
import type { MailboxResult } from './mailbox-result.ts';
import type { ProbedMailbox, ProbeItem } from './probe-item.ts';

type ItemResult = Omit<StoredCapabilityResult, 'capability'>;

/** Gathers what the capabilities of each mailbox answered, and judges the mailbox by the last of them. */
export interface MailboxJudge {
  settle(item: ProbeItem, result: ItemResult, settledAt: Date): void;
  /** Of a capability about which Microsoft said nothing. */
  settleWithoutAnswer(item: ProbeItem, reason: ReasonCode): void;
  /** All that can be tried was tried: what cannot follows from the grants. */
  finish(mailbox: ProbedMailbox): void;
}

interface Dependencies {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly onResult: (result: MailboxResult) => void;
  /** App roles of the latest token. */
  readonly roles: () => readonly string[] | undefined;
  /** Why nothing more is asked, if so. */
  readonly givenUp: () => ReasonCode | undefined;
}

const withoutAnswer = { httpStatus: null, errorCode: null, requestId: null };

export function createMailboxJudge({ clock, metrics, onResult, roles, givenUp }: Dependencies): MailboxJudge {
  function finish(mailbox: ProbedMailbox, checkedAt: Date): void {
    const tried = mailbox.results;
    const unprobed = mailbox.capabilities.filter((capability) => !isProbed(capability));
    const results = tried.concat(
      unprobed.map((capability) => ({
        capability,
        reason: givenUp() ?? reasonOfUnprobed(capability, roles(), tried),
        ...withoutAnswer,
      })),
    );
    const { scopeSpreadsUntil, consentSpreadsUntil, rescheduledUntil } = mailbox;
    const verdict = judgeMailbox(results, {
      intended: mailbox.intended,
      isSpreading: scopeSpreadsUntil !== undefined && checkedAt < scopeSpreadsUntil,
      isConsentSpreading: consentSpreadsUntil !== undefined && checkedAt < consentSpreadsUntil,
    });
    if (!verdict) return;
    metrics.checkedMailboxes.inc({ status: verdict.status });
    // What is known in spite of it needs no second look.
    const isPutOff = verdict.status === 'could_not_tell' && rescheduledUntil !== undefined;
    onResult({
      userId: mailbox.userId,
      verdict,
      capabilities: results,
      checkedAt,
      ...(isPutOff ? { rescheduledUntil } : {}),
    });
  }

  function settle({ mailbox, capability }: ProbeItem, result: ItemResult, settledAt: Date): void {
    mailbox.results.push({ capability, ...result });
    if (mailbox.results.length === mailbox.tried.length) finish(mailbox, settledAt);
  }

  return {
    settle,
    settleWithoutAnswer: (item, reason) => settle(item, { reason, ...withoutAnswer }, clock.now()),
    finish: (mailbox) => finish(mailbox, clock.now()),
  };
}
