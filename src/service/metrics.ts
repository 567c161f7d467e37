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
    graphCalls: countByStatus({
      name: 'mailbox_access_graph_calls_total',
      help: 'Calls to Microsoft Graph, by status class',
      registers,
    }),
    graphItems: countByStatus({
      name: 'mailbox_access_graph_batch_items_total',
      help: 'Requests inside batches, by status class',
      registers,
    }),
    tokenRequests: countByStatus({
      name: 'mailbox_access_entra_token_requests_total',
      help: 'Requests to the token endpoint, by status class',
      registers,
    }),
    checkedMailboxes: countByStatus({
      name: 'mailbox_access_checked_mailboxes_total',
      help: 'Mailboxes checked, by verdict',
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

/**
 * A counter that the registry asks when it is read: the library's own `inc` costs more than reading the answer that is
 * counted.
 */
function countByStatus(about: { readonly name: string; readonly help: string; readonly registers: Registry[] }) {
  const counts = new Map<string, number>();
  new Counter({
    ...about,
    labelNames: ['status'],
    collect() {
      this.reset();
      for (const [status, count] of counts) this.inc({ status }, count);
    },
  });
  return {
    inc({ status }: { readonly status: string }): void {
      counts.set(status, (counts.get(status) ?? 0) + 1);
    },
  };
}

/** `2xx`, `4xx`, …; `none` when no answer came. */
export function statusClass(status: number | undefined): string {
  return status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
}
