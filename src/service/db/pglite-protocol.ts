/** How the embedded database is opened. */
export interface EngineStart {
  /** Our data directory; absent: in memory. */
  readonly directory?: string;
  /** Path of a dump to start from when the directory is new. */
  readonly dump?: string;
}

/** What the main thread asks; `transaction` is a number that it gives with `begin`. */
export type EngineRequest = { readonly id: number } & (
  | { readonly op: 'open' }
  | {
      readonly op: 'query';
      readonly sql: string;
      readonly params: readonly unknown[];
      readonly transaction?: number;
      /** Others go first. */
      readonly isBulk?: boolean;
    }
  | { readonly op: 'quiet' }
  | { readonly op: 'exec'; readonly sql: string; readonly transaction?: number }
  | { readonly op: 'begin'; readonly transaction: number }
  | { readonly op: 'end'; readonly transaction: number; readonly commit: boolean }
  | { readonly op: 'listen'; readonly channel: string }
  | { readonly op: 'unlisten'; readonly listener: number }
  | { readonly op: 'fsyncs' }
  | { readonly op: 'sizeReads' }
  | { readonly op: 'dump' }
  | { readonly op: 'close' }
);

export type EngineAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: Record<string, unknown> }
  | { readonly notification: number; readonly payload: string };
