import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outcomeOfReason, type ReasonCode, reasonCodes, reasonsAgainstIntent } from '../mailbox-access/reason.ts';
import { findingOf, judgeProof, type ProofSide } from './proof-verdict.ts';

test.each<[string, ReasonCode[], string]>([
  [
    'one open feature makes it reachable',
    ['consent.permission_missing', 'connected', 'microsoft.throttled'],
    'reachable',
  ],
  ['every feature denied is closed', ['access.denied_by_exchange', 'consent.permission_missing'], 'closed'],
  ['denied and throttled is not closed', ['access.denied_by_exchange', 'microsoft.throttled'], 'could_not_tell'],
  ['no mailbox is no proof of a limit', ['mailbox.none', 'access.denied_by_exchange'], 'no_mailbox'],
  ['nothing tried tells nothing', [], 'could_not_tell'],
])('%s', (_, reasons, outcome) => {
  expect(findingOf(reasons).outcome).toBe(outcome);
});

const side = (more: Partial<ProofSide> = {}): ProofSide => ({
  total: 10,
  reachable: 0,
  closed: 0,
  couldNotTell: 0,
  noMailbox: 0,
  ...more,
});
const completed = { state: 'completed' as const, isSettled: true };

test.each([
  ['open inside and closed outside holds', side({ reachable: 1 }), side({ closed: 1 }), 'holds'],
  ['one open outside is a leak, whatever else', side({ closed: 9 }), side({ reachable: 1, closed: 9 }), 'leaks'],
  ['one closed inside is a block', side({ reachable: 9, closed: 1 }), side({ closed: 9 }), 'blocks'],
  ['nobody inside told proves nothing', side({ couldNotTell: 9 }), side({ closed: 9 }), 'could_not_tell'],
  ['nobody outside told proves nothing', side({ reachable: 9 }), side({ noMailbox: 9 }), 'could_not_tell'],
])('%s', (_, inside, outside, verdict) => {
  expect(judgeProof({ ...completed, inside, outside })).toBe(verdict);
});

test('before the bound nothing is final, and a proof that failed never holds', () => {
  const sides = fc.record({
    total: fc.constant(40),
    reachable: fc.nat(2),
    closed: fc.nat(2),
    couldNotTell: fc.nat(2),
    noMailbox: fc.nat(2),
  });
  fc.assert(
    fc.property(
      sides,
      sides,
      fc.boolean(),
      fc.constantFrom('running' as const, 'completed' as const, 'failed' as const),
      (inside, outside, isSettled, state) => {
        const verdict = judgeProof({ state, inside, outside, isSettled });
        if (state === 'running') {
          expect(verdict).toBe('running');
          return;
        }
        if (!isSettled) {
          expect(['waiting', 'could_not_tell']).toContain(verdict);
          return;
        }
        expect(verdict === 'leaks').toBe(outside.reachable > 0);
        if (verdict === 'holds') {
          expect(state).toBe('completed');
          expect(inside.reachable > 0 && outside.closed > 0).toBe(true);
          expect(inside.closed + outside.reachable).toBe(0);
        }
        expect(verdict).not.toBe('waiting');
      },
    ),
  );
});

test('whatever is answered, closed and reachable have their proof', () => {
  const answers = reasonCodes.filter((reason) => !reasonsAgainstIntent.includes(reason));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...answers), { maxLength: 4 }), (reasons) => {
      const { outcome } = findingOf(reasons);
      const outcomes = reasons.map((reason) => outcomeOfReason[reason]);
      expect(outcome === 'reachable').toBe(outcomes.includes('connected'));
      expect(outcome === 'closed').toBe(outcomes.length > 0 && outcomes.every((each) => each === 'denied'));
    }),
  );
});
