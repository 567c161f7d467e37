import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Capability, capabilities } from './capability.ts';
import { outcomeOfReason, type ReasonCode, reasonCodes } from './reason.ts';
import { type CapabilityResult, judgeMailbox } from './verdict.ts';

const results = (reasons: Partial<Record<Capability, ReasonCode>>): CapabilityResult[] =>
  Object.entries(reasons).map(([capability, reason]) => ({ capability: capability as Capability, reason }));

test.each<[string, Partial<Record<Capability, ReasonCode>>, object]>([
  [
    'everything connected is working',
    { mail: 'connected', calendar: 'connected' },
    { status: 'working', outcome: 'connected', reason: 'connected' },
  ],
  [
    'a missing permission beside a connected mailbox is limited, with the reason of what is missing',
    { mail: 'connected', calendar: 'consent.permission_missing' },
    { status: 'limited', outcome: 'connected', reason: 'consent.permission_missing' },
  ],
  [
    'a feature that could not be judged is not reported as missing',
    { mail: 'connected', calendar: 'microsoft.throttled' },
    { status: 'could_not_tell', outcome: 'inconclusive', reason: 'microsoft.throttled' },
  ],
  [
    'a known gap beside an unknown one is told',
    { mail: 'connected', calendar: 'microsoft.throttled', contacts: 'consent.permission_missing' },
    { status: 'limited', outcome: 'connected', reason: 'consent.permission_missing' },
  ],
  [
    'a policy that closes the mailbox blocks it',
    { mail: 'policy.application_access_policy', calendar: 'policy.application_access_policy' },
    { status: 'blocked', outcome: 'denied', reason: 'policy.application_access_policy' },
  ],
  [
    'denied here and unknown there is unknown',
    { mail: 'consent.permission_missing', calendar: 'microsoft.unavailable' },
    { status: 'could_not_tell', outcome: 'inconclusive', reason: 'microsoft.unavailable' },
  ],
  [
    'no mailbox is no mailbox, whatever else was throttled',
    { mail: 'mailbox.none', calendar: 'microsoft.throttled' },
    { status: 'blocked', outcome: 'ineligible', reason: 'mailbox.none' },
  ],
  [
    'sending that cannot be tried leaves a connected mailbox working',
    { mail: 'connected', send: 'consent.permission_granted' },
    { status: 'working', outcome: 'connected', reason: 'connected' },
  ],
  [
    'sending that a role in Exchange may grant leaves a connected mailbox working',
    { mail: 'connected', send: 'access.not_probed' },
    { status: 'working', outcome: 'connected', reason: 'connected' },
  ],
  [
    'sending without its permission limits the mailbox',
    { mail: 'connected', send: 'consent.permission_missing' },
    { status: 'limited', outcome: 'connected', reason: 'consent.permission_missing' },
  ],
  [
    'a granted permission to send opens no mailbox that is closed',
    { mail: 'access.denied_by_exchange', send: 'consent.permission_granted' },
    { status: 'blocked', outcome: 'denied', reason: 'access.denied_by_exchange' },
  ],
  [
    'sending alone says what is known, and claims neither working nor blocked',
    { send: 'consent.permission_granted' },
    { status: 'could_not_tell', outcome: 'unproven', reason: 'consent.permission_granted' },
  ],
])('%s', (_, reasons, verdict) => {
  expect(judgeMailbox(results(reasons))).toEqual(verdict);
});

test('nothing checked has no verdict', () => {
  expect(judgeMailbox([])).toBeUndefined();
});

const anyResults = fc
  .uniqueArray(fc.constantFrom(...capabilities), { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((capability) =>
        fc.record({ capability: fc.constant(capability), reason: fc.constantFrom(...reasonCodes) }),
      ),
    ),
  );

test('an inconclusive answer alone never becomes working, blocked or limited', () => {
  fc.assert(
    fc.property(anyResults, (given) => {
      fc.pre(given.every((result) => outcomeOfReason[result.reason] === 'inconclusive'));
      expect(judgeMailbox(given)).toMatchObject({ status: 'could_not_tell', outcome: 'inconclusive' });
    }),
  );
});

test('working is said only when everything that can be tried connected, and the order of results does not matter', () => {
  fc.assert(
    fc.property(anyResults, (given) => {
      const verdict = judgeMailbox(given);
      expect(judgeMailbox([...given].reverse())).toEqual(verdict);
      const tried = given.filter((result) => outcomeOfReason[result.reason] !== 'unproven');
      expect(verdict?.status === 'working').toBe(
        tried.length > 0 && tried.every((result) => result.reason === 'connected'),
      );
      expect(given.map((result) => result.reason)).toContain(verdict?.reason);
    }),
  );
});
