import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchOf, largestBatch, readBatch } from './batch.ts';

const ok = (id: string) => ({ id, status: 200, headers: { 'Retry-After': '1' }, body: { id } });

test('answers in any order come back in the order of the requests, headers as they came', () => {
  const answers = readBatch({ responses: [ok('2'), ok('0'), ok('1')] }, 3);
  expect(answers?.map((one) => one?.body)).toEqual([{ id: '0' }, { id: '1' }, { id: '2' }]);
  expect(answers?.[0]?.headers).toEqual({ 'Retry-After': '1' });
});

test('a missing answer and one that came twice are no answer', () => {
  expect(readBatch({ responses: [ok('0'), ok('2'), ok('2')] }, 3)?.map(Boolean)).toEqual([true, false, false]);
});

test.each([
  ['null', null],
  ['no responses', {}],
  ['a foreign id', { responses: [ok('0'), ok('3')] }],
  ['an id with a sign', { responses: [ok('-1')] }],
  ['a status that is none', { responses: [{ id: '0', status: '200' }] }],
  ['half a status', { responses: [{ id: '0', status: 200.5 }] }],
  ['a status beyond all', { responses: [{ id: '0', status: 600 }] }],
  ['an id that is a number', { responses: [{ ...ok('0'), id: 0 }] }],
  ['a list of lists', { responses: [[]] }],
  ['an answer that is null beside a good one', { responses: [ok('0'), null] }],
  ['headers that are a list', { responses: [{ ...ok('0'), headers: [] }] }],
  ['headers that are null', { responses: [{ ...ok('0'), headers: null }] }],
  ['a header that is a number', { responses: [{ ...ok('0'), headers: { 'Retry-After': 1 } }] }],
])('%s: nothing of it is believed', (_name, body) => {
  expect(readBatch(body, 3)).toBeUndefined();
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
        const answers = readBatch(body, size);
        if (answers) expect(answers).toHaveLength(size);
      },
    ),
  );
});
