import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import type { Host } from '../host/host.ts';
import type { SignIn } from './sign-in.ts';
import { SignInFailure } from './sign-in-failure.ts';

export type Ways = Readonly<Record<SignIn['way'], () => Promise<SignIn>>>;

export type SignInOutcome =
  | { readonly signIn: SignIn; readonly failure?: undefined }
  /** `signIn` is the way that a click can go on with. */
  | { readonly signIn?: SignIn; readonly failure: SignInFailure };

/** The ways to try in a host, best first. A redirect is never tried inside a frame. */
export function waysFor(host: Host): readonly SignIn['way'][] {
  if (host.kind === 'silent') return [];
  if (host.kind === 'browser') return ['browser'];
  // A host may recommend what it has not built; MSAL would then silently try to sign in as in a plain browser.
  const isNested = host.nestedAuth.isRecommended && host.nestedAuth.hasBridge;
  return isNested ? ['nested', 'teams'] : ['teams'];
}

/** Signs in without asking, going down to the next way only where the way itself is broken. Never throws. */
export async function startSignIn(host: Host, ways: Ways): Promise<SignInOutcome> {
  if (host.kind === 'silent') return { failure: new SignInFailure('silent_host', host.technical) };
  let broken: SignInFailure | undefined;
  for (const way of waysFor(host)) {
    let signIn: SignIn | undefined;
    try {
      signIn = await ways[way]();
      await signIn.getApiToken();
      return { signIn };
    } catch (error) {
      const failure = asFailure(error);
      if (isBroken(way, failure)) {
        broken ??= new SignInFailure('bridge_broken', failure.technical, { cause: failure });
        continue;
      }
      // What the first way said explains more than that the second one does not work either.
      if (broken && failure.kind === 'unexpected') return { failure: broken };
      return signIn ? { signIn, failure } : { failure };
    }
  }
  return { failure: broken ?? new SignInFailure('unexpected', 'no way to sign in') };
}

function isBroken(way: SignIn['way'], failure: SignInFailure): boolean {
  const kinds = ['bridge_broken', 'timed_out', 'unexpected'];
  return way === 'nested' && kinds.includes(failure.kind);
}

function asFailure(error: unknown): SignInFailure {
  return error instanceof SignInFailure ? error : new SignInFailure('unexpected', String(error), { cause: error });
}

/** Each way loads its own libraries: MSAL is not loaded where Teams gives the token. */
export function waysOf(configuration: TabConfiguration): Ways {
  return {
    nested: async () => (await import('./nested-sign-in.ts')).createNestedSignIn(configuration),
    teams: async () => (await import('./teams-token-sign-in.ts')).createTeamsTokenSignIn(),
    browser: async () => (await import('./browser-sign-in.ts')).createBrowserSignIn(configuration),
  };
}
