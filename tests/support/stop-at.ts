import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { channelPrefix, steps } from '../../src/service/steps.ts';

// Preloaded into a service process (`node --import`): sends the process a signal when it passes a step for the n-th time.
// STOP_AT is `<step>:<n>`, or `any:<n>` for the n-th step whatever it is; STOP_SIGNAL is SIGKILL unless given, and
// STOP_SECONDS blocks the event loop for so long instead.

const [wanted = '', count = '1'] = (process.env.STOP_AT ?? '').split(':');
const signal = (process.env.STOP_SIGNAL ?? 'SIGKILL') as NodeJS.Signals;
const blockedSeconds = Number(process.env.STOP_SECONDS ?? 0);
let passed = 0;

for (const step of steps) {
  if (wanted !== step && wanted !== 'any') continue;
  subscribe(channelPrefix + step, () => {
    passed += 1;
    if (passed !== Number(count)) return;
    writeSync(2, `stopped at ${step}\n`);
    if (blockedSeconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedSeconds * 1000);
    else process.kill(process.pid, signal);
  });
}
