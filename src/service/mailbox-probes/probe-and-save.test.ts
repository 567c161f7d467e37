import { expect, test } from 'vitest';
import type { TenantId, UserId } from '../../domain/ids.ts';
import { ownRegistration } from '../../domain/registration.ts';
import { systemClock } from '../clock.ts';
import { createTenantPaces } from '../graph/tenant-pace.ts';
import { createMetrics } from '../metrics.ts';
import type { MailboxResult } from './mailbox-result.ts';
import { probeAndSave, type Wanted } from './probe-and-save.ts';

const tenantId = crypto.randomUUID() as TenantId;

/** A run over so many mailboxes of which nothing can be tried: each has its result without a call. */
function check(mailboxes: number, save: (results: readonly MailboxResult[]) => Promise<Wanted>) {
  const outcome = { kind: 'token' as const, token: 'token', roles: [] };
  const tokens = { get: async () => outcome, refresh: async () => outcome };
  const memory = { find: async () => undefined, save: async () => {}, ceilingOf: async () => undefined };
  const pages = [Array.from({ length: mailboxes }, () => crypto.randomUUID() as UserId), []];
  return probeAndSave(
    {
      tenantId,
      registration: ownRegistration,
      nextMailboxes: async () =>
        (pages.shift() ?? []).map((userId) => ({
          userId,
          capabilities: ['send' as const],
          intended: 'inside' as const,
        })),
      wasLetIn: false,
      signal: new AbortController().signal,
      isStopWantedAlready: false,
      save,
    },
    {
      graph: { send: () => Promise.reject(new Error('Nothing is asked')) } as never,
      applications: { tokensOf: () => tokens } as never,
      paces: createTenantPaces(memory, systemClock),
      clock: systemClock,
      metrics: createMetrics(),
    },
  );
}

test('while results are stored the next ones are on their way, and no more than those', async () => {
  const sizes: number[] = [];
  const ends: (() => void)[] = [];
  let most = 0;
  let underWay = 0;
  const run = check(400, async (results) => {
    sizes.push(results.length);
    underWay += 1;
    most = Math.max(most, underWay);
    if (results.length > 0) await new Promise<void>((resolve) => ends.push(resolve));
    underWay -= 1;
    return 'go_on';
  });
  await expect.poll(() => ends.length).toBe(2);
  expect(sizes).toEqual([150, 150]);
  ends[0]?.();
  ends[1]?.();
  await expect.poll(() => ends.length).toBe(3);
  ends[2]?.();
  expect(await run).toBe('all_done');
  expect(most).toBe(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(400);
});

test('when all that is on its way fails, the run fails once', async () => {
  const failing = check(400, () => Promise.reject(new Error('the disk is full')));
  await expect(failing).rejects.toThrow('the disk is full');
});

test('a run that another worker owns is over, whatever else is on its way', async () => {
  expect(await check(400, async () => 'lost')).toBe('lost');
});
