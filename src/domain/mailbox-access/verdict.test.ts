import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Capability, capabilities } from './capability.ts';
import { outcomeOfReason, type ReasonCode, reasonCodes, reasonsAgainstIntent } from './reason.ts';
import { type CapabilityResult, type Expectation, intendedSides, judgeMailbox } from './verdict.ts';

const noExpectation: Expectation = { intended: 'not_limited', isSpreading: false, isConsentSpreading: false };
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
  expect(judgeMailbox(results(reasons), noExpectation)).toEqual(verdict);
});

test('nothing checked has no verdict', () => {
  expect(judgeMailbox([], noExpectation)).toBeUndefined();
});

const outside: Expectation = { ...noExpectation, intended: 'outside' };
const inside: Expectation = { ...noExpectation, intended: 'inside' };
const spreading = { isSpreading: true };

test.each<[string, Expectation, Partial<Record<Capability, ReasonCode>>, string, ReasonCode]>([
  [
    'open outside the limit is exposed, although only one feature opened',
    outside,
    { mail: 'consent.permission_missing', calendar: 'connected', contacts: 'microsoft.throttled' },
    'exposed',
    'access.open_outside_scope',
  ],
  [
    'open outside while the change spreads is waited for',
    { ...outside, ...spreading },
    { mail: 'connected' },
    'waiting',
    'microsoft.change_spreading',
  ],
  [
    'open outside is no matter of consent',
    { ...outside, isConsentSpreading: true },
    { mail: 'connected' },
    'exposed',
    'access.open_outside_scope',
  ],
  [
    'closed outside, with a grant to send that no limit confines, is not as intended',
    outside,
    { mail: 'access.denied_by_exchange', send: 'consent.permission_granted' },
    'could_not_tell',
    'access.may_send_outside_scope',
  ],
  [
    'a policy outside confines sending, too',
    outside,
    { mail: 'policy.application_access_policy', send: 'policy.application_access_policy' },
    'blocked',
    'access.outside_scope',
  ],
  [
    'closed outside is as intended',
    outside,
    { mail: 'access.denied_by_exchange', calendar: 'consent.permission_missing' },
    'blocked',
    'access.outside_scope',
  ],
  [
    'closed here and unknown there is not called closed outside',
    outside,
    { mail: 'access.denied_by_exchange', calendar: 'microsoft.throttled' },
    'could_not_tell',
    'microsoft.throttled',
  ],
  ['no mailbox outside is no mailbox', outside, { mail: 'mailbox.none' }, 'blocked', 'mailbox.none'],
  [
    'closed inside while the change spreads is waited for',
    { ...inside, ...spreading },
    { mail: 'policy.application_access_policy' },
    'waiting',
    'microsoft.change_spreading',
  ],
  [
    'closed inside after the bound is blocked',
    inside,
    { mail: 'policy.application_access_policy' },
    'blocked',
    'policy.application_access_policy',
  ],
  [
    'Conditional Access does not come and go with a limit',
    { ...inside, ...spreading },
    { mail: 'policy.conditional_access' },
    'blocked',
    'policy.conditional_access',
  ],
  [
    'a missing permission while a consent spreads is waited for',
    { ...noExpectation, isConsentSpreading: true },
    { mail: 'consent.permission_missing' },
    'waiting',
    'microsoft.change_spreading',
  ],
  [
    'a policy does not come and go with a consent',
    { ...noExpectation, isConsentSpreading: true },
    { mail: 'policy.application_access_policy' },
    'blocked',
    'policy.application_access_policy',
  ],
  [
    'open inside works, also while the change spreads',
    { ...inside, ...spreading },
    { mail: 'connected' },
    'working',
    'connected',
  ],
])('%s', (_, expectation, reasons, status, reason) => {
  expect(judgeMailbox(results(reasons), expectation)).toMatchObject({ status, reason });
});

const answered = reasonCodes.filter((reason) => !reasonsAgainstIntent.includes(reason));
const anyResults = fc
  .uniqueArray(fc.constantFrom(...capabilities), { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((capability) =>
        fc.record({ capability: fc.constant(capability), reason: fc.constantFrom(...answered) }),
      ),
    ),
  );
const anyExpectation: fc.Arbitrary<Expectation> = fc.record({
  intended: fc.constantFrom(...intendedSides),
  isSpreading: fc.boolean(),
  isConsentSpreading: fc.boolean(),
});
const numRuns = 5_000;

test('an inconclusive answer alone never becomes working, blocked, limited, exposed or waiting', () => {
  const inconclusive = answered.filter((reason) => outcomeOfReason[reason] === 'inconclusive');
  const alone = anyResults.chain((given) =>
    fc.tuple(
      ...given.map(({ capability }) =>
        fc.record({ capability: fc.constant(capability), reason: fc.constantFrom(...inconclusive) }),
      ),
    ),
  );
  fc.assert(
    fc.property(alone, anyExpectation, (given, expectation) => {
      expect(judgeMailbox(given, expectation)).toMatchObject({ status: 'could_not_tell', outcome: 'inconclusive' });
    }),
  );
});

test('whatever is answered and intended, there is one verdict, and each word has its proof', () => {
  fc.assert(
    fc.property(anyResults, anyExpectation, (given, expectation) => {
      const verdict = judgeMailbox(given, expectation);
      if (!verdict) throw new Error('no verdict');
      expect(judgeMailbox([...given].reverse(), expectation)).toEqual(verdict);
      expect([...given.map(({ reason }) => reason), ...reasonsAgainstIntent]).toContain(verdict.reason);

      const outcomes = given.map(({ reason }) => outcomeOfReason[reason]);
      const tried = outcomes.filter((outcome) => outcome !== 'unproven');
      const isOpen = outcomes.includes('connected');
      const isOutside = expectation.intended === 'outside';
      const isWhole = tried.length > 0 && tried.every((outcome) => outcome === 'connected');
      const isSpreading = expectation.isSpreading || expectation.isConsentSpreading;

      expect(verdict.status === 'working').toBe(isWhole && !isOutside);
      expect(verdict.status === 'exposed').toBe(isOpen && isOutside && !expectation.isSpreading);
      const isClosedOutside = isOutside && tried.length > 0 && tried.every((outcome) => outcome === 'denied');
      const maySend = given.some(({ reason }) => reason === 'consent.permission_granted');
      expect(verdict.reason === 'access.outside_scope').toBe(isClosedOutside && !maySend);
      expect(verdict.reason === 'access.may_send_outside_scope').toBe(isClosedOutside && maySend);
      if (verdict.status === 'waiting') expect(isSpreading).toBe(true);
      if (verdict.status === 'blocked') {
        expect(isOpen).toBe(false);
        expect(tried.includes('ineligible') || !tried.includes('inconclusive')).toBe(true);
      }
      if (verdict.status === 'limited') expect(isOpen && !isOutside).toBe(true);
    }),
    { numRuns },
  );
});

test('a change that spreads only ever turns exposed and blocked into waiting', () => {
  fc.assert(
    fc.property(anyResults, fc.constantFrom(...intendedSides), (given, intended) => {
      const settled = judgeMailbox(given, { ...noExpectation, intended });
      const spread = judgeMailbox(given, { intended, isSpreading: true, isConsentSpreading: true });
      if (spread?.status === 'waiting') expect(['exposed', 'blocked']).toContain(settled?.status);
      else expect(spread).toEqual(settled);
    }),
    { numRuns },
  );
});
