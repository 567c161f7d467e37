import { expect, test } from 'vitest';
import type { TenantId } from '../../src/domain/ids.ts';
import { appTokensOf } from '../support/app-tokens.ts';
import { type Bench, startBench } from '../support/bench.ts';

async function withTokens(
  lifetimeSeconds: number,
  work: (bench: Bench, get: () => Promise<string>, asked: () => number) => Promise<void>,
) {
  await using bench = await startBench({ granted: ['User.Read.All'] });
  bench.sandbox.settings.accessTokenLifetimeSeconds = lifetimeSeconds;
  await using made = appTokensOf(bench);
  bench.sandbox.requests.clear();
  const get = async () => {
    const outcome = await made.tokens.get(bench.tenantId as TenantId);
    return outcome.kind === 'token' ? outcome.token : outcome.problem;
  };
  await work(bench, get, () => bench.sandbox.requests.to(/oauth2\/v2\.0\/token/).length);
}

const outage = { match: { path: /oauth2\/v2\.0\/token/ }, answer: { status: 503, body: {} } };

test.each([
  [300, 230, 15],
  [3_600, 3_200, 200],
])(
  'a token of %d s serves for four fifths of its life or until five minutes before its end',
  async (lifetime, serves, rest) => {
    await withTokens(lifetime, async (bench, get, asked) => {
      const first = await get();
      bench.clock.advance(serves * 1000);
      expect(await get()).toBe(first);
      expect(asked()).toBe(1);
      bench.clock.advance(rest * 1000);
      expect(await get()).not.toBe(first);
      expect(asked()).toBe(2);
    });
  },
);

test('while Entra cannot give a new one, the last token serves until its end, and Entra is not asked with every call', async () => {
  await withTokens(3_600, async (bench, get, asked) => {
    const first = await get();
    bench.sandbox.faults.add(outage);
    bench.clock.advance(3_350_000);
    for (let call = 0; call < 20; call++) expect(await get()).toBe(first);
    expect(asked()).toBe(2);
    bench.clock.advance(260_000);
    expect(await get()).toBe('entra_unavailable');
    bench.sandbox.faults.clear();
    expect(await get()).not.toBe(first);
  });
});
