import { expect, test } from 'vitest';
import { taskTimesOf } from './task-times.ts';

const task = (tid: number, ms: number) => ({ name: 'RunTask', pid: 1, tid, tdur: ms * 1000, args: {} });
const named = (tid: number, name: string) => ({ name: 'thread_name', pid: 1, tid, args: { name } });

test('tasks of pages count by their processor time, those of other threads do not', () => {
  const traceEvents = [
    task(7, 10),
    task(7, 60),
    task(8, 400),
    named(7, 'CrRendererMain'),
    named(8, 'Compositor'),
    { name: 'Paint', pid: 1, tid: 7, tdur: 90_000, args: {} },
  ];
  expect(taskTimesOf(Buffer.from(JSON.stringify({ traceEvents })))).toEqual({
    longTasks: 1,
    longestMs: 60,
    p99Ms: 60,
  });
});

test('a trace without tasks is no measurement', () => {
  expect(() => taskTimesOf(Buffer.from('{"traceEvents":[]}'))).toThrow('no tasks');
});
