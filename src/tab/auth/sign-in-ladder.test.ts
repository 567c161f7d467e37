import { expect, test } from 'vitest';
import type { Host, TeamsHost } from '../host/host.ts';
import type { SignIn } from './sign-in.ts';
import { SignInFailure, type SignInFailureKind } from './sign-in-failure.ts';
import { startSignIn, type Ways, waysFor } from './sign-in-ladder.ts';

function teams(isRecommended: boolean, hasBridge: boolean): TeamsHost {
  return {
    kind: 'teams',
    theme: 'default',
    locale: 'en-gb',
    userId: 'u',
    tenantId: 't',
    loginHint: undefined,
    subPageId: undefined,
    nestedAuth: { isRecommended, hasBridge },
    description: 'Teams, web',
  };
}

/** Ways that work, or fail with the named kind. */
function waysThat(results: Partial<Record<SignIn['way'], SignInFailureKind>>): Ways & { readonly tried: string[] } {
  const tried: string[] = [];
  const way = (name: SignIn['way']) => async () => {
    tried.push(name);
    const kind = results[name];
    const getApiToken = async () => {
      if (kind) throw new SignInFailure(kind, `${name} failed`);
      return 'token';
    };
    return { way: name, getApiToken, askByClick: async () => {} };
  };
  return { nested: way('nested'), teams: way('teams'), browser: way('browser'), tried };
}

test.each<[string, Host, string[]]>([
  ['Teams with a working bridge', teams(true, true), ['nested', 'teams']],
  ['Teams that recommends a bridge it has not built', teams(true, false), ['teams']],
  ['Teams that built a bridge it does not recommend', teams(false, true), ['teams']],
  ['a plain browser', { kind: 'browser' }, ['browser']],
  ['a frame that is not Teams', { kind: 'silent', technical: '' }, []],
])('in %s the ways are right', (_, host, ways) => {
  expect(waysFor(host)).toEqual(ways);
});

test('a working bridge signs in', async () => {
  const { signIn } = await startSignIn(teams(true, true), waysThat({}));
  expect(signIn?.way).toBe('nested');
});

test.each(['bridge_broken', 'timed_out', 'unexpected'] as const)(
  'a bridge that is %s falls back to the token of Teams (fault 26)',
  async (kind) => {
    const ways = waysThat({ nested: kind });
    const outcome = await startSignIn(teams(true, true), ways);
    expect(outcome.signIn?.way).toBe('teams');
    expect(outcome.failure).toBeUndefined();
    expect(ways.tried).toEqual(['nested', 'teams']);
  },
);

test.each(['interaction_required', 'consent_required', 'declined', 'conditional_access', 'offline'] as const)(
  'a bridge that answers %s is believed; nothing else is tried',
  async (kind) => {
    const ways = waysThat({ nested: kind });
    const outcome = await startSignIn(teams(true, true), ways);
    expect(outcome.failure?.kind).toBe(kind);
    expect(outcome.signIn?.way).toBe('nested');
    expect(ways.tried).toEqual(['nested']);
  },
);

test('when both ways of Teams fail, the reason of the second is told, unless it says nothing', async () => {
  const consent = await startSignIn(teams(true, true), waysThat({ nested: 'timed_out', teams: 'consent_required' }));
  expect(consent.failure?.kind).toBe('consent_required');
  const nothing = await startSignIn(teams(true, true), waysThat({ nested: 'timed_out', teams: 'unexpected' }));
  expect(nothing.failure?.kind).toBe('bridge_broken');
});

test('inside a frame that is not Teams nothing is tried', async () => {
  const ways = waysThat({});
  const outcome = await startSignIn({ kind: 'silent', technical: 'no answer within 4 s' }, ways);
  expect(outcome.failure).toMatchObject({ kind: 'silent_host', technical: 'no answer within 4 s' });
  expect(ways.tried).toEqual([]);
});

test('a library that cannot be loaded is a failure, not a blank page', async () => {
  const broken = async () => {
    throw new TypeError('Failed to fetch dynamically imported module');
  };
  const outcome = await startSignIn({ kind: 'browser' }, { nested: broken, teams: broken, browser: broken });
  expect(outcome.failure?.kind).toBe('unexpected');
});
