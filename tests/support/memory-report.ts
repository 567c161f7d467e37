import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Preloaded into a service process (`node --import`): with MEMORY_REPORT set, it collects garbage at SIGUSR2 and writes what
// is left, and what is open, as a line of JSON.

export interface MemoryReport {
  /** Bytes in use on the heap of the main thread. */
  readonly heap: number;
  /** Sockets, timers and whatever else keeps a process busy. */
  readonly open: Readonly<Record<string, number>>;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  collect();
  const open: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) open[kind] = (open[kind] ?? 0) + 1;
  const report: MemoryReport = { heap: process.memoryUsage().heapUsed, open };
  writeSync(2, `memory ${JSON.stringify(report)}\n`);
});
