import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserId } from '../ids.ts';
import { chooseAll, chooseSample, type ProofCandidate } from './proof-sample.ts';

const candidate = (number: number, more: Partial<ProofCandidate> = {}): ProofCandidate => ({
  userId: `user-${number}` as UserId,
  side: 'outside',
  isNestedOnly: false,
  hasMoved: false,
  isShared: false,
  ...more,
});
const many = (count: number, from: number, more: Partial<ProofCandidate> = {}) =>
  Array.from({ length: count }, (_, index) => candidate(from + index, more));

test('a few people of a nested group are all tried among thousands', () => {
  const nested = many(7, 5_000, { isNestedOnly: true });
  const sample = chooseSample([...many(3_000, 0), ...nested], 'seed');

  expect(sample).toHaveLength(40);
  expect(sample.filter(({ why }) => why === 'nested_group')).toHaveLength(7);
});

test('no kind takes more than a quarter while others are there', () => {
  const sample = chooseSample(
    [
      ...many(500, 0, { isShared: true }),
      ...many(500, 1_000, { hasMoved: true }),
      ...many(500, 2_000, { isNestedOnly: true }),
      ...many(500, 3_000),
    ],
    'seed',
  );
  const counts = Object.groupBy(sample, ({ why }) => why);

  expect(Object.values(counts).map((list) => list.length)).toEqual([10, 10, 10, 10]);
});

test('where there is one kind only, it fills the sample', () => {
  expect(chooseSample(many(500, 0, { isShared: true, side: 'inside' }), 'seed')).toHaveLength(20);
});

test('another seed chooses others', () => {
  const ids = (seed: string) => chooseSample(many(1_000, 0), seed).map(({ userId }) => userId);
  expect(ids('a')).toEqual(ids('a'));
  expect(ids('a')).not.toEqual(ids('b'));
});

test('at most 20 inside and 40 outside, nobody twice, whatever order the candidates come in', () => {
  const candidates = fc.uniqueArray(
    fc.record({
      userId: fc.uuid() as unknown as fc.Arbitrary<UserId>,
      side: fc.constantFrom('inside' as const, 'outside' as const),
      isNestedOnly: fc.boolean(),
      hasMoved: fc.boolean(),
      isShared: fc.boolean(),
    }),
    { selector: ({ userId }) => userId, maxLength: 150 },
  );
  fc.assert(
    fc.property(candidates, fc.string(), (given, seed) => {
      const sample = chooseSample(given, seed);
      const all = chooseAll(given);
      expect(chooseSample([...given].reverse(), seed)).toEqual(sample);
      expect(new Set(sample.map(({ userId }) => userId)).size).toBe(sample.length);
      for (const [side, most] of [
        ['inside', 20],
        ['outside', 40],
      ] as const) {
        const ofSide = all.filter((mailbox) => mailbox.side === side);
        expect(sample.filter((mailbox) => mailbox.side === side)).toHaveLength(Math.min(most, ofSide.length));
      }
      for (const mailbox of sample) expect(all).toContainEqual(mailbox);
    }),
  );
});
