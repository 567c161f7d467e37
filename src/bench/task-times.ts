import { percentile } from './measurement.ts';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time in microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Processor time of the tasks of all pages. Other than time on the clock, it does not tell what else the machine did. */
export interface TaskTimes {
  readonly longTasks: number;
  readonly longestMs: number;
  readonly p99Ms: number;
}

/** What Chromium has to trace for that; the first leaves everything else out. */
export const taskCategories = ['-*', 'disabled-by-default-devtools.timeline'];
const longMs = 50;

/** @param trace as Chromium writes it */
export function taskTimesOf(trace: Buffer): TaskTimes {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const names = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const mainThreads = new Set(names.map(threadOf));
  const timesMs = traceEvents
    .filter((event) => event.name === 'RunTask' && mainThreads.has(threadOf(event)))
    .map(({ tdur = 0 }) => tdur / 1000);
  if (timesMs.length === 0) throw new Error('Chromium traced no tasks');
  return {
    longTasks: timesMs.filter((ms) => ms > longMs).length,
    longestMs: percentile(timesMs, 1) ?? 0,
    p99Ms: percentile(timesMs, 0.99) ?? 0,
  };
}
