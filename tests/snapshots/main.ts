import { parseArgs } from 'node:util';
import { startSandbox } from '../../src/sandbox/server.ts';
import { mailboxPermissions } from '../support/bench.ts';
import { startSnapshots } from './snapshots.ts';

// `npm run snapshots`: copies the data directory of a service 50 times in the middle of writes, as a power loss would
// leave it, opens each copy and judges it. Option: --count.

const { values } = parseArgs({ options: { count: { type: 'string', default: '50' } } });
const count = Number(values.count);

const sandbox = await startSandbox({ people: 300, settings: { graphLatencyMs: 60 } });
sandbox.tenant.grants.grant(...mailboxPermissions);
const openSeconds: number[] = [];
let brokenSnapshots = 0;
{
  await using snapshots = await startSnapshots(sandbox);
  for (let taken = 1; taken <= count; taken++) {
    const { acknowledged, held, openSeconds: seconds, broken } = await snapshots.take();
    openSeconds.push(seconds);
    if (broken.length > 0) brokenSnapshots += 1;
    const verdict = broken.length === 0 ? 'whole' : `BROKEN: ${broken.join('; ')}`;
    console.log(
      `${taken}/${count} ${held} results, ${acknowledged} acknowledged, open ${seconds.toFixed(1)} s, ${verdict}`,
    );
  }
}
await sandbox.close();
openSeconds.sort((a, b) => a - b);
const [median = 0, longest = 0] = [openSeconds[Math.floor(count / 2)], openSeconds.at(-1)];
console.log(
  `${count} snapshots, ${brokenSnapshots} broken, open in ${median.toFixed(1)} s median, ${longest.toFixed(1)} s longest`,
);
process.exitCode = brokenSnapshots > 0 ? 1 : 0;
