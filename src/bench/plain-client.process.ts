import { Client as GraphSdk } from '@microsoft/microsoft-graph-client';
import { answerParent } from './child.ts';
import { startUsage } from './usage.ts';

// What people write without this product: Microsoft's client in a loop, fifty loops, and batches by hand.

interface Task {
  readonly client: 'sdk-sequential' | 'sdk-parallel' | 'batch-sequential';
  readonly graphEndpoint: string;
  readonly authority: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userIds: readonly string[];
}

async function tokenOf({ authority, clientId, clientSecret, graphEndpoint }: Task): Promise<string> {
  const response = await fetch(`${authority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${graphEndpoint}/.default`,
    }),
  });
  if (!response.ok) throw new Error(`No token: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function withSdk({ graphEndpoint, userIds }: Task, token: string, loops: number): Promise<void> {
  const sdk = GraphSdk.initWithMiddleware({
    authProvider: { getAccessToken: async () => token },
    baseUrl: graphEndpoint,
    customHosts: new Set([new URL(graphEndpoint).hostname]),
  });
  let next = 0;
  async function loop(): Promise<void> {
    for (let userId = userIds[next++]; userId !== undefined; userId = userIds[next++]) {
      // A mailbox that is not there is an answer too.
      await sdk
        .api(`/users/${userId}/mailFolders/inbox`)
        .select(['id', 'totalItemCount'])
        .get()
        .catch((error: { statusCode?: number }) => {
          if (error.statusCode === undefined || error.statusCode === 429 || error.statusCode < 0) throw error;
        });
    }
  }
  await Promise.all(Array.from({ length: loops }, loop));
}

async function inBatches({ graphEndpoint, userIds }: Task, token: string): Promise<void> {
  let left = [...userIds];
  while (left.length > 0) {
    const asked = left.splice(0, 20);
    const response = await fetch(`${graphEndpoint}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        requests: asked.map((userId, index) => ({
          id: String(index),
          method: 'GET',
          url: `/users/${userId}/mailFolders/inbox?$select=id,totalItemCount`,
        })),
      }),
    });
    const { responses } = (await response.json()) as {
      responses: { id: string; status: number; headers: Record<string, string> }[];
    };
    const refused = responses.filter(({ status }) => status === 429);
    if (refused.length === 0) continue;
    left = [...refused.map(({ id }) => asked[Number(id)] ?? ''), ...left];
    const seconds = Math.max(...refused.map(({ headers }) => Number(headers['Retry-After'] ?? 1)));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

const handlers = {
  async run(task: Task) {
    const token = await tokenOf(task);
    const usage = startUsage();
    const startedAt = performance.now();
    if (task.client === 'batch-sequential') await inBatches(task, token);
    else await withSdk(task, token, task.client === 'sdk-parallel' ? 50 : 1);
    return { seconds: (performance.now() - startedAt) / 1000, ...usage() };
  },
};
export type PlainClient = typeof handlers;

answerParent(handlers);
