import { isWithdrawn } from '../../domain/consent/withdrawn.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { ReasonCode } from '../../domain/mailbox-access/reason.ts';
import type { Clock } from '../clock.ts';
import type { AppTokens } from '../entra/app-tokens.ts';
import { isPassing, type TokenOutcome, type TokenProblem } from '../entra/token-outcome.ts';
import { reasonOfTokenProblem } from '../entra/token-reason.ts';
import { outwaitRefusal } from './outwait-refusal.ts';

export type GivenToken = Omit<TokenOutcome & { kind: 'token' }, 'kind'>;

/** The token that a run works with, and what each new one tells about the consent. */
export interface RunToken {
  /** The last one that was given. */
  readonly given: GivenToken | undefined;
  /** Microsoft let the application in, and does not any more: what is not judged yet must not be called denied. */
  readonly isShutOut: boolean;
  /**
   * One that lives on for a while; a new one where the last one was refused.
   * @returns undefined when there is none: shut out, or `onRefused` was told why
   */
  get(isRefused: (token: string) => boolean): Promise<GivenToken | undefined>;
  /**
   * A new one from Entra: it shows what was granted or revoked since the last one.
   * @returns `later` while Entra cannot give one, and the last one serves; else as {@link get}
   */
  renew(): Promise<GivenToken | 'later' | undefined>;
}

interface Dependencies {
  readonly tokens: AppTokens;
  readonly tenantId: TenantId;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Options {
  /** Whether an earlier worker of the run was let in. */
  readonly wasLetIn: boolean;
  /** Called when Entra refuses for a reason that lasts, and that says nothing about a consent withdrawn meanwhile. */
  readonly onRefused: (reason: ReasonCode) => void;
}

export function createRunToken(dependencies: Dependencies, { wasLetIn, onRefused }: Options): RunToken {
  const { tokens, tenantId } = dependencies;
  let given: GivenToken | undefined;
  let isLetIn = wasLetIn;
  let isShutOut = false;

  async function judge(first: TokenOutcome): Promise<GivenToken | undefined> {
    const outcome = await outwaitRefusal(first, tenantId, dependencies);
    if (outcome.kind === 'token') {
      isShutOut ||= isWithdrawn(given?.roles, outcome.roles);
      isLetIn = true;
      given = outcome;
      return isShutOut ? undefined : outcome;
    }
    if (isLetIn && isRefusedForGood(outcome.problem)) isShutOut = true;
    else onRefused(reasonOfTokenProblem[outcome.problem]);
    return undefined;
  }

  return {
    get given() {
      return given;
    },
    get isShutOut() {
      return isShutOut;
    },
    async get(isRefused) {
      const mustRenew = given !== undefined && isRefused(given.token);
      return judge(mustRenew ? await tokens.refresh(tenantId) : await tokens.get(tenantId));
    },
    async renew() {
      const outcome = await tokens.refresh(tenantId);
      const isLater = given !== undefined && outcome.kind === 'refused' && isPassing(outcome.problem);
      return isLater ? 'later' : judge(outcome);
    },
  };
}

function isRefusedForGood(problem: TokenProblem): boolean {
  return problem === 'application_unknown' || problem === 'application_disabled';
}
