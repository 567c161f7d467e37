/** How the simulated Graph answers while something is measured. */
export interface Scenario {
  readonly name: string;
  readonly latencyMs: number;
  /** Absent: no limit. */
  readonly limit?: { readonly requestsPerSecond: number; readonly burst: number; readonly retryAfterSeconds: number };
}

const limitOf = (retryAfterSeconds: number) => ({ requestsPerSecond: 1_000, burst: 200, retryAfterSeconds });

export const scenarios: readonly Scenario[] = [
  { name: '80 ms, 1,000/s, Retry-After 1 s', latencyMs: 80, limit: limitOf(1) },
  { name: '80 ms, 1,000/s, Retry-After 10 s', latencyMs: 80, limit: limitOf(10) },
  { name: '0 ms, no limit', latencyMs: 0 },
];

/** Ways to open many mailboxes; one request per mailbox. */
export const clients = {
  'sdk-sequential': '(a) Graph SDK, one after the other',
  'sdk-parallel': '(b) Graph SDK, 50 at once',
  'batch-sequential': '(c) batches of 20, one after the other',
  'engine-cold': '(d) the engine, rate not known',
  'engine-remembered': '(d) the engine, rate remembered',
} as const;
export type Client = keyof typeof clients;

/**
 * A service runs for weeks, a measurement for seconds, in which code is compiled that runs for the first time: so often is
 * another tenant of so many mailboxes checked before, in the same process.
 */
export const warmUpChecks = 2;
export const warmUpMailboxes = 10_000;

/** Where ten thousand would take minutes, fewer give the same rate. */
export const fewerMailboxes: Readonly<Record<'slow' | 'fast', Partial<Record<Client, number>>>> = {
  slow: { 'sdk-sequential': 150, 'sdk-parallel': 4_000, 'batch-sequential': 500 },
  fast: { 'sdk-sequential': 1_000, 'sdk-parallel': 4_000 },
};

/** Mailboxes for one measurement: what was asked for, or fewer for a client that would take minutes. */
export function mailboxesFor(client: Client, scenario: Scenario, wanted: number): number {
  const most = fewerMailboxes[scenario.latencyMs > 0 ? 'slow' : 'fast'][client];
  return most === undefined ? wanted : Math.min(most, wanted);
}
