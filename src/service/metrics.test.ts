import { expect, test } from 'vitest';
import { createMetrics, statusClass } from './metrics.ts';

test('what is counted by status is read as often as anybody asks, each service for itself', async () => {
  const { registry, graphItems } = createMetrics();
  createMetrics().graphItems.inc({ status: '2xx' });
  for (const status of [200, 204, 429, undefined]) graphItems.inc({ status: statusClass(status) });
  await registry.metrics();

  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('mailbox_access_graph_batch'));
  expect(lines).toEqual([
    'mailbox_access_graph_batch_items_total{status="2xx"} 2',
    'mailbox_access_graph_batch_items_total{status="4xx"} 1',
    'mailbox_access_graph_batch_items_total{status="none"} 1',
  ]);
});
