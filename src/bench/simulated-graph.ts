import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { warmUpMailboxes } from './scenario.ts';
import type { SimulatedGraph } from './simulated-graph.process.ts';

/** The simulated tenant beside the bench, and what its clients need to know of it. */
export interface GraphToMeasure extends AsyncDisposable {
  readonly graph: Child<SimulatedGraph>;
  /** The tenant that is measured. */
  readonly tenantId: string;
  readonly people: ReturnType<SimulatedGraph['about']>['people'];
  /** People of another tenant, to warm a service up. */
  readonly warmUpPeople: ReturnType<SimulatedGraph['about']>['people'];
  /** Points a process to the simulated tenant, and lets it trust its certificate. */
  readonly environment: Readonly<Record<string, string>>;
  /** For data that ends with the bench. */
  readonly directory: string;
}

/** @param people so many in the tenant that is measured; without them nothing is warmed up either */
export async function startSimulatedGraph(people: number): Promise<GraphToMeasure> {
  const directory = await mkdtemp(join(tmpdir(), 'mailbox-access-bench-'));
  const graph = startChild<SimulatedGraph>('./simulated-graph.process.ts', {
    BENCH_PEOPLE: String(people),
    BENCH_WARM_UP_PEOPLE: String(people > 0 ? warmUpMailboxes : 0),
  });
  const about = await graph.ask('about', undefined as never);
  const authorityPath = join(directory, 'ca.pem');
  await writeFile(authorityPath, about.certificateAuthority);
  return {
    graph,
    tenantId: about.tenantId,
    people: about.people,
    warmUpPeople: about.warmUpPeople,
    environment: { ...about.environment, NODE_EXTRA_CA_CERTS: authorityPath, PORT: '0' },
    directory,
    async [Symbol.asyncDispose]() {
      await graph[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
