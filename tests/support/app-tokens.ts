import { readConfig } from '../../src/service/config.ts';
import { createAppTokens } from '../../src/service/entra/app-tokens.ts';
import { createLogger } from '../../src/service/log.ts';
import { createMetrics } from '../../src/service/metrics.ts';
import { createBoundedFetch, createDispatcher } from '../../src/service/outbound/bounded-fetch.ts';
import { type Bench, environmentOf } from './bench.ts';

/** The application's tokens, with what a client for Graph needs beside them, as the service puts them together. */
export function appTokensOf(bench: Bench) {
  const result = readConfig(environmentOf(bench.sandbox));
  if (!result.ok) throw new Error(result.faults.join('\n'));
  const { cloud, application } = result.config;
  const dispatcher = createDispatcher(bench.sandbox.certificateAuthority.certificate);
  const fetch = createBoundedFetch(dispatcher);
  const shared = { fetch, clock: bench.clock, metrics: createMetrics(), logger: createLogger('silent') };
  return {
    tokens: createAppTokens({ ...shared, cloud, application }),
    shared,
    cloud,
    [Symbol.asyncDispose]: () => dispatcher.close(),
  };
}
