import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchOf, largestBatch, readBatch } from './batch.ts';
import { readMailboxRefusal } from './error.ts';

const ok = (id: string) => ({ id, status: 200, headers: { 'Retry-After': '1' }, body: { id } });

const answered = (body: unknown, headers: Record<string, string> = {}) => ({ status: 200, headers, body });

test('answers in any order come back in the order of the requests, headers as they came', () => {
  const answers = readBatch(answered({ responses: [ok('2'), ok('0'), ok('1')] }), 3);
  expect(answers?.map((one) => one?.body)).toEqual([{ id: '0' }, { id: '1' }, { id: '2' }]);
  expect(answers?.[0]?.headers).toEqual({ 'Retry-After': '1' });
});

test('fault 122: a missing answer and one that came twice are no answer', () => {
  const answers = readBatch(answered({ responses: [ok('0'), ok('2'), ok('2')] }), 3);
  expect(answers?.map(Boolean)).toEqual([true, false, false]);
});

test.each([
  ['null', null],
  ['no responses', {}],
])('%s: no answer to a batch', (_name, body) => {
  expect(readBatch(answered(body), 3)).toBeUndefined();
});

test.each([
  ['an id nobody sent', ok('3')],
  ['an id with a sign', ok('-1')],
  ['a status that is none', { id: '1', status: 'ok' }],
  ['half a status', { id: '1', status: 200.5 }],
  ['a status beyond all', { id: '1', status: 600 }],
  ['a list', []],
  ['null', null],
  ['headers that are a list', { ...ok('1'), headers: [] }],
  ['headers that are null', { ...ok('1'), headers: null }],
])('fault 122: %s says nothing, and takes nothing from the others', (_name, odd) => {
  const answers = readBatch(answered({ responses: [ok('0'), odd, ok('2')] }), 3);
  expect(answers?.map((one) => one?.status)).toEqual([200, undefined, 200]);
});

test.each([
  ['an id that is a number', { ...ok('1'), id: 1 }],
  ['a status that is a text', { ...ok('1'), status: '200' }],
  ['a header that is a number', { ...ok('1'), headers: { 'Retry-After': 1 } }],
])('%s is read all the same', (_name, odd) => {
  const answers = readBatch(answered({ responses: [ok('0'), odd, ok('2')] }), 3);
  expect(answers?.[1]).toEqual({ status: 200, headers: { 'Retry-After': '1' }, body: { id: '1' } });
});

test('a wait until a time is read by Microsoft’s clock, which the batch tells', () => {
  const date = 'Mon, 23 Nov 2026 10:00:00 GMT';
  const throttled = { id: '0', status: 429, headers: { 'Retry-After': 'Mon, 23 Nov 2026 10:00:30 GMT' } };
  const [answer] = readBatch(answered({ responses: [throttled] }, { date }), 1) ?? [];
  const ourClock = new Date('2026-11-23T10:01:00Z');
  expect(answer && readMailboxRefusal(answer, ourClock)).toEqual({ kind: 'throttled', retryAfterSeconds: 30 });
});

test('a batch holds at most twenty', () => {
  expect(() => batchOf(Array.from({ length: largestBatch + 1 }, () => '/x'))).toThrow('at most 20');
});

test('whatever comes, there is one place per request or none at all', () => {
  const one = fc.record({
    id: fc.oneof(fc.string(), fc.nat(25).map(String)),
    status: fc.integer(),
    body: fc.anything(),
  });
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.record({ responses: fc.array(one) })),
      fc.integer({ min: 1, max: 20 }),
      (body, size) => {
        const answers = readBatch(answered(body), size);
        if (answers) expect(answers).toHaveLength(size);
      },
    ),
  );
});
