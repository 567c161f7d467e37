import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What an operator watches. One registry per service, so that several can live in one process. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'mailbox_access_http_request_seconds',
      help: 'Requests answered, by route and status class',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    refusedTokens: new Counter({
      name: 'mailbox_access_tokens_refused_total',
      help: 'Bearer tokens refused, by the check that failed',
      labelNames: ['check'],
      registers,
    }),
    graphCalls: new Counter({
      name: 'mailbox_access_graph_calls_total',
      help: 'Calls to Microsoft Graph, by status class',
      labelNames: ['status'],
      registers,
    }),
    graphItems: new Counter({
      name: 'mailbox_access_graph_batch_items_total',
      help: 'Requests inside batches, by status class',
      labelNames: ['status'],
      registers,
    }),
    tokenRequests: new Counter({
      name: 'mailbox_access_entra_token_requests_total',
      help: 'Requests to the token endpoint, by status class',
      labelNames: ['status'],
      registers,
    }),
    checkedMailboxes: new Counter({
      name: 'mailbox_access_checked_mailboxes_total',
      help: 'Mailboxes checked, by verdict',
      labelNames: ['status'],
      registers,
    }),
    queueDepth: new Gauge({
      name: 'mailbox_access_queue_depth',
      help: 'Jobs that wait or run',
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** `2xx`, `4xx`, …; `none` when no answer came. */
export function statusClass(status: number | undefined): string {
  return status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
}
