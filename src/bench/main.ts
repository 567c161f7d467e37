import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { LearntRate } from '../service/graph/pacer.ts';
import { type BrowserMeasurement, measureBrowser } from './browser.ts';
import { type ExportMeasurement, measureExports } from './exports.ts';
import { type ListMeasurement, listDatabases, measureLists } from './lists.ts';
import { growthOf, type Measurement } from './measurement.ts';
import { startPostgresToMeasure } from './postgres.ts';
import { prepareEngine } from './run-engine.ts';
import { runPlainClient } from './run-plain-client.ts';
import { clients, mailboxesFor, type Scenario, scenarios } from './scenario.ts';
import { startSimulatedGraph } from './simulated-graph.ts';
import { browserTableOf, exportTableOf, growthTableOf, listTableOf, tableOf } from './table.ts';

// `npm run bench`: how fast mailboxes are checked, beside what one would write without this product, and how fast the
// users list of a whole company answers, leaves as a file, and feels in a browser.

const { values: flags } = parseArgs({
  options: {
    /** Also 100,000 mailboxes. */
    large: { type: 'boolean', default: false },
    /** Only scenarios whose name has this text; `lists`, `export` or `browser` for these alone. */
    scenario: { type: 'string', default: '' },
    /** Only clients whose name has this text. */
    client: { type: 'string', default: '' },
    /** Instead of the usual numbers of mailboxes. */
    mailboxes: { type: 'string', multiple: true },
    /** Users whose list is asked for, who are exported, and whom a browser shows. */
    users: { type: 'string', default: '200000' },
  },
});
const sizes = flags.mailboxes?.map(Number) ?? [1_000, 10_000, ...(flags.large ? [100_000] : [])];
/** Long enough to meet a limit of 1,000 per second once more, as a tenant's usual runs do, which tells it exactly. */
const learningMailboxes = 40_000;
const output = new URL('../../dist/bench/bench.json', import.meta.url);
const plainClients = ['sdk-sequential', 'sdk-parallel', 'batch-sequential'] as const;

const chosen = scenarios.filter(({ name }) => name.includes(flags.scenario));
// Some of the generated people are deleted ones.
const people = chosen.length > 0 ? Math.ceil(Math.max(...sizes, learningMailboxes) * 1.02) : 0;
await using simulated = await startSimulatedGraph(people);
const measurements: Measurement[] = [];
for (const scenario of chosen) {
  await simulated.graph.ask('answerLike', scenario);
  for (const client of plainClients) if (client.includes(flags.client)) await measurePlain(client, scenario);
  if (Object.keys(clients).some((client) => client.startsWith('engine') && client.includes(flags.client))) {
    const learnt = scenario.limit ? await learn(scenario) : undefined;
    for (const size of sizes) await measureEngine(scenario, size, learnt);
  }
}

const lists: ListMeasurement[] = [];
if (flags.client === '' && 'lists'.includes(flags.scenario)) {
  await using postgres = await startPostgresToMeasure();
  for (const database of listDatabases) {
    lists.push(...(await measureLists(database, Number(flags.users), simulated, postgres)));
  }
}

const exports: ExportMeasurement[] = [];
if (flags.client === '' && 'export'.includes(flags.scenario)) {
  await using postgres = await startPostgresToMeasure();
  for (const database of listDatabases) {
    exports.push(...(await measureExports(database, Number(flags.users), simulated, postgres)));
  }
}

const browsers: BrowserMeasurement[] = [];
if (flags.client === '' && 'browser'.includes(flags.scenario)) {
  await using postgres = await startPostgresToMeasure();
  for (const database of listDatabases) {
    browsers.push(await measureBrowser(database, Number(flags.users), simulated, postgres));
  }
}

const growth = growthOf(measurements);
await mkdir(new URL('.', output), { recursive: true });
const machine = { processors: cpus().length, model: cpus()[0]?.model, node: process.version };
await writeFile(output, `${JSON.stringify({ machine, measurements, growth, lists, exports, browsers }, null, 2)}\n`);
const tables = [
  tableOf(measurements),
  growthTableOf(growth),
  listTableOf(lists),
  exportTableOf(exports),
  browserTableOf(browsers),
];
console.log(`\n${tables.join('\n\n')}\n\nWritten to dist/bench/bench.json`);

async function measurePlain(client: (typeof plainClients)[number], scenario: Scenario): Promise<void> {
  const mailboxes = mailboxesFor(client, scenario, Math.max(...sizes));
  show(await runPlainClient(client, scenario, mailboxes, simulated));
}

/** What the tenant's earlier runs would have left. */
async function learn(scenario: Scenario): Promise<LearntRate | undefined> {
  console.log(`learning the rate of ${scenario.name} from ${learningMailboxes} mailboxes`);
  const engine = await prepareEngine(scenario, learningMailboxes, simulated);
  await engine.run('engine-cold');
  const learnt = await engine.learnt();
  if (learnt) console.log(`${learnt.requestsPerSecond.toFixed(0)} per second, ${learnt.burst.toFixed(0)} at once`);
  return learnt;
}

/** From nothing first, then in a new process with a remembered rate; without a limit that is what the first run left. */
async function measureEngine(scenario: Scenario, mailboxes: number, learnt: LearntRate | undefined): Promise<void> {
  const engine = await prepareEngine(scenario, mailboxes, simulated);
  show(await engine.run('engine-cold'));
  show(await engine.run('engine-remembered', learnt));
}

function show(measurement: Measurement): void {
  measurements.push(measurement);
  console.log(tableOf([measurement]).split('\n').at(-1)?.trim());
}
