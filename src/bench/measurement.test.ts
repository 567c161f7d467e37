import { expect, test } from 'vitest';
import { growthOf, measurementOf, percentile } from './measurement.ts';
import { mailboxesFor, type Scenario, scenarios } from './scenario.ts';
import { growthTableOf, tableOf } from './table.ts';

const limited: Scenario = {
  name: 'limited',
  latencyMs: 80,
  limit: { requestsPerSecond: 1_000, burst: 200, retryAfterSeconds: 1 },
};
const counted = { mailboxes: 10_000, seconds: 10, requests: 10_100, throttled: 100, cpuSeconds: 2, peakRssMb: 300 };

test('the ceiling is the rate and what a full bucket lets through on top', () => {
  expect(measurementOf(limited, 'engine-cold', counted).ratioToCeiling).toBeCloseTo(1000 / 1020);
});

test('without a limit there is no ratio', () => {
  expect(measurementOf({ name: 'free', latencyMs: 0 }, 'engine-cold', counted).ratioToCeiling).toBeNull();
});

test('waste is the part of all requests, processor time is per thousand mailboxes', () => {
  expect(measurementOf(limited, 'engine-cold', counted, [4, 2, 9])).toMatchObject({
    mailboxesPerSecond: 1_000,
    wastedShare: 100 / 10_100,
    cpuSecondsPerThousand: 0.2,
    listP99Ms: 9,
  });
});

test.each<[readonly number[], number, number | undefined]>([
  [[], 0.99, undefined],
  [[5], 0.99, 5],
  [[3, 1, 2, 4], 0.5, 2],
])('of %j the percentile %d is %d', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});

test('growth compares the largest run of a client with its smallest', () => {
  const small = measurementOf(limited, 'engine-cold', { ...counted, mailboxes: 1_000, seconds: 1, peakRssMb: 200 });
  const large = measurementOf(limited, 'engine-cold', { ...counted, seconds: 11 });
  expect(growthOf([large, small])).toEqual([
    expect.objectContaining({ from: 1_000, to: 10_000, timePerMailboxRatio: expect.closeTo(1.1), peakRssRatio: 1.5 }),
  ]);
  expect(growthOf([small])).toEqual([]);
});

test('slow clients get fewer mailboxes, the engine gets all', () => {
  const [slow] = scenarios;
  expect(mailboxesFor('sdk-sequential', slow as Scenario, 10_000)).toBeLessThan(1_000);
  expect(mailboxesFor('engine-cold', slow as Scenario, 10_000)).toBe(10_000);
});

test('the table has a line per measurement under the name of its scenario', () => {
  const line = measurementOf(limited, 'engine-cold', counted);
  const [title, head, row] = tableOf([line]).split('\n');
  expect(title).toBe('limited');
  expect(head).toContain('of ceiling');
  expect(row).toMatch(/the engine.*10,000.*1,000.*0\.980.*0\.99 %/);
  expect(growthTableOf(growthOf([line]))).toContain('time per mailbox');
});
