import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startSandbox } from '../../src/sandbox/server.ts';
import { mailboxPermissions } from '../support/bench.ts';
import { startPostgres } from '../support/postgres.ts';
import { aimsOf } from './aims.ts';
import { createPlace } from './place.ts';
import { runRound } from './round.ts';

// `npm run kill-rounds`: kills the service 200 times on both databases and judges what is left. Options: --rounds (in
// all), --seed, --lanes (databases of a kind that are worked on at the same time).

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '1' },
  },
});
const rounds = Number(values.rounds);
const lanes = Number(values.lanes);

const sandbox = await startSandbox({ people: 100, settings: { graphLatencyMs: 60 } });
sandbox.tenant.grants.grant(...mailboxPermissions);
const server = await startPostgres();
const aims = aimsOf(Number(values.seed));
let next = 0;
let brokenRounds = 0;
let unreached = 0;
const recoveries: { name: string; seconds: number }[] = [];

async function lane(kind: 'embedded' | 'postgres'): Promise<void> {
  using place = await createPlace(sandbox, kind === 'postgres' ? server : undefined);
  for (;;) {
    const round = next++;
    if (round >= rounds) return;
    const aim = aims.next().value;
    if (!aim) return;
    const result = await runRound(place, aim, round);
    recoveries.push({ name: kind, seconds: result.recoverySeconds });
    if (result.broken.length > 0) brokenRounds += 1;
    if (!result.killedAt) unreached += 1;
    const killed = result.killedAt ?? 'the end, the step was not reached';
    const seconds = `ready ${result.readySeconds.toFixed(1)} s, recovered ${result.recoverySeconds.toFixed(1)} s`;
    const load = `load ${loadavg()[0]?.toFixed(0)}`;
    const verdict = result.broken.length === 0 ? 'whole' : `BROKEN: ${result.broken.join('; ')}`;
    console.log(
      `${round + 1}/${rounds} ${kind} ${aim.step}:${aim.count} killed at ${killed}, ${seconds}, ${load}, ${verdict}`,
    );
  }
}

await Promise.all(Array.from({ length: lanes }, () => [lane('embedded'), lane('postgres')]).flat());
for (const kind of ['embedded', 'postgres']) {
  const seconds = recoveries.filter(({ name }) => name === kind).map((one) => one.seconds);
  seconds.sort((a, b) => a - b);
  const [median = 0, longest = 0] = [seconds[Math.floor(seconds.length / 2)], seconds.at(-1)];
  console.log(
    `${kind}: ${seconds.length} rounds, recovery ${median.toFixed(1)} s median, ${longest.toFixed(1)} s longest`,
  );
}
console.log(`${rounds} rounds, ${brokenRounds} with a broken invariant, ${unreached} whose step was not reached`);
await server[Symbol.asyncDispose]();
await sandbox.close();
process.exitCode = brokenRounds > 0 ? 1 : 0;
