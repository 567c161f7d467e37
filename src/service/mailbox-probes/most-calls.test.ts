import { expect, test } from 'vitest';
import { outlookConcurrency } from '../graph/limit-estimate.ts';
import { defaultCeiling } from '../graph/pacer.ts';
import { mostCalls } from './most-calls.ts';

test('where Graph answers at once few calls wait for each other', () => {
  expect(mostCalls(0)).toBe(16);
  expect(mostCalls(1)).toBe(16);
});

test.each([2, 5, 10, 15])('a wave of %i ms leaves room for the fastest rate', (waveMs) => {
  expect((mostCalls(waveMs) * outlookConcurrency) / (waveMs / 1000)).toBeGreaterThanOrEqual(defaultCeiling);
});

test('however slow Graph is, there are not more than 64', () => {
  expect(mostCalls(80)).toBe(64);
  expect(mostCalls(30_000)).toBe(64);
});

test('before the first answer there are fewer', () => {
  expect(mostCalls(undefined)).toBe(32);
});
