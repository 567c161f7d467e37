import type { Client, Scenario } from './scenario.ts';

/** What a process counted while it opened mailboxes. */
export interface Counted {
  readonly mailboxes: number;
  readonly seconds: number;
  /** Requests that Graph answered meanwhile, inner requests of a batch one each. */
  readonly requests: number;
  /** Of them with 429. */
  readonly throttled: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

/** One line of the table. */
export interface Measurement extends Counted {
  readonly scenario: string;
  readonly client: Client;
  readonly mailboxesPerSecond: number;
  /** Part of what the limiter would have let through in that time; null without a limit. */
  readonly ratioToCeiling: number | null;
  readonly wastedShare: number;
  readonly cpuSecondsPerThousand: number;
  /** 99th percentile of the users list beside the run, in milliseconds; null where no service runs. */
  readonly listP99Ms: number | null;
}

export function measurementOf(
  { name, limit }: Scenario,
  client: Client,
  counted: Counted,
  listTimesMs: readonly number[] = [],
): Measurement {
  const { mailboxes, seconds, requests, throttled, cpuSeconds } = counted;
  const mailboxesPerSecond = mailboxes / seconds;
  return {
    scenario: name,
    client,
    ...counted,
    mailboxesPerSecond,
    // A bucket that was full lets its burst through on top of the rate.
    ratioToCeiling: limit ? mailboxesPerSecond / (limit.requestsPerSecond + limit.burst / seconds) : null,
    wastedShare: requests > 0 ? throttled / requests : 0,
    cpuSecondsPerThousand: (cpuSeconds / mailboxes) * 1000,
    listP99Ms: percentile(listTimesMs, 0.99) ?? null,
  };
}

/** The smallest value that so large a share of all does not exceed; undefined of nothing. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** How the largest run of a client compares with its smallest, in one scenario. */
export interface Growth {
  readonly scenario: string;
  readonly client: Client;
  readonly from: number;
  readonly to: number;
  /** Time per mailbox of the largest over that of the smallest. */
  readonly timePerMailboxRatio: number;
  readonly peakRssRatio: number;
}

export function growthOf(measurements: readonly Measurement[]): Growth[] {
  return Object.values(Object.groupBy(measurements, ({ scenario, client }) => `${scenario} ${client}`)).flatMap(
    (group = []) => {
      const bySize = [...group].sort((a, b) => a.mailboxes - b.mailboxes);
      const [least, most] = [bySize[0], bySize.at(-1)];
      if (!least || !most || least.mailboxes === most.mailboxes) return [];
      const { scenario, client } = least;
      return {
        scenario,
        client,
        from: least.mailboxes,
        to: most.mailboxes,
        timePerMailboxRatio: least.mailboxesPerSecond / most.mailboxesPerSecond,
        peakRssRatio: most.peakRssMb / least.peakRssMb,
      };
    },
  );
}
