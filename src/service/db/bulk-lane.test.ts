import { expect, test } from 'vitest';
import { createBulkLane } from './bulk-lane.ts';

/** A lane whose time stands still until it is told, and what was begun in it. */
function createLane() {
  let nowMs = 0;
  let planned: { readonly atMs: number; readonly call: () => void }[] = [];
  const begun: string[] = [];
  const lane = createBulkLane({
    monotonicMs: () => nowMs,
    later: (call, ms) => planned.push({ atMs: nowMs + ms, call }),
  });
  const heard = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };

  /** Asks for work that is over when it is answered or fails. */
  function ask(name: string, into: (work: () => Promise<string>) => Promise<string>) {
    const { promise, resolve, reject: fail } = Promise.withResolvers<string>();
    const told = into(() => {
      begun.push(name);
      return promise;
    });
    for (const outcome of [promise, told]) outcome.catch(() => {});
    return { told, answer: () => resolve(name), fail };
  }
  const bulk = (name: string) => ask(name, (work) => lane.bulk(work));
  const others = (name: string, isFollowed = true) => ask(name, (work) => lane.others(work, isFollowed));

  async function passMs(ms: number): Promise<void> {
    await heard();
    const untilMs = nowMs + ms;
    for (;;) {
      const [next, ...later] = planned.toSorted((one, other) => one.atMs - other.atMs);
      if (!next || next.atMs > untilMs) break;
      planned = later;
      nowMs = next.atMs;
      next.call();
      await heard();
    }
    nowMs = untilMs;
  }

  return { bulk, others, begun, passMs };
}

test('bulk work goes one by one, first come, first served', async () => {
  const { bulk, begun, passMs } = createLane();
  const first = bulk('first');
  bulk('second');
  await passMs(50);
  expect(begun).toEqual(['first']);
  first.answer();
  await passMs(0);
  expect(begun).toEqual(['first', 'second']);
  expect(await first.told).toBe('first');
});

test('whoever else asks is not kept waiting by the lane, and bulk work waits until they are answered', async () => {
  const { bulk, others, begun, passMs } = createLane();
  const question = others('question', false);
  bulk('save');
  await passMs(50);
  expect(begun).toEqual(['question']);
  question.answer();
  await passMs(0);
  expect(begun).toEqual(['question', 'save']);
});

test('after an answer the next question goes first, where one may follow', async () => {
  const { bulk, others, begun, passMs } = createLane();
  const question = others('question');
  bulk('save');
  question.answer();
  await passMs(1);
  const followed = others('the next one');
  followed.answer();
  await passMs(1);
  expect(begun).toEqual(['question', 'the next one']);
  await passMs(1);
  expect(begun).toEqual(['question', 'the next one', 'save']);
});

test('questions without end keep bulk work waiting for 100 ms at most', async () => {
  const { bulk, others, begun, passMs } = createLane();
  let waitedMs = 0;
  let question = others('question');
  bulk('save');
  for (; !begun.includes('save') && waitedMs < 1_000; waitedMs++) {
    const next = others('question');
    question.answer();
    question = next;
    await passMs(1);
  }
  expect(waitedMs).toBeGreaterThanOrEqual(100);
  expect(waitedMs).toBeLessThan(105);
});

test('what fails is told, and the next one goes', async () => {
  const { bulk, others, begun, passMs } = createLane();
  const question = others('question', false);
  const first = bulk('first');
  bulk('second');
  question.fail(new Error('no such table'));
  await passMs(0);
  first.fail(new Error('the disk is full'));
  await passMs(0);
  await expect(question.told).rejects.toThrow('no such table');
  await expect(first.told).rejects.toThrow('the disk is full');
  expect(begun).toEqual(['question', 'first', 'second']);
});
