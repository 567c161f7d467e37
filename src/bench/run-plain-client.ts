import { startChild } from './child.ts';
import { type Measurement, measurementOf } from './measurement.ts';
import type { PlainClient } from './plain-client.process.ts';
import type { Scenario } from './scenario.ts';
import type { GraphToMeasure } from './simulated-graph.ts';

/** Opens so many mailboxes the way it is done without this product. */
export async function runPlainClient(
  client: 'sdk-sequential' | 'sdk-parallel' | 'batch-sequential',
  scenario: Scenario,
  mailboxes: number,
  { graph, tenantId, people, environment }: GraphToMeasure,
): Promise<Measurement> {
  await using child = startChild<PlainClient>('./plain-client.process.ts', environment);
  const before = await graph.ask('counts', undefined as never);
  const used = await child.ask('run', {
    client,
    graphEndpoint: environment.GRAPH_ENDPOINT ?? '',
    authority: `${environment.AUTHORITY_HOST}/${tenantId}`,
    clientId: environment.CLIENT_ID ?? '',
    clientSecret: environment.CLIENT_SECRET ?? '',
    userIds: people.slice(0, mailboxes).map(({ id }) => id),
  });
  const after = await graph.ask('counts', undefined as never);
  return measurementOf(scenario, client, {
    mailboxes,
    ...used,
    requests: after.requests - before.requests,
    throttled: after.throttled - before.throttled,
  });
}
