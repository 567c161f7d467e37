import { syncReasonOfAnswer } from '../../../domain/mailbox-sync/sync-reason.ts';
import type { Clock } from '../../clock.ts';
import { reasonOfTokenProblem } from '../../entra/token-reason.ts';
import type { GraphClient } from '../../graph/client.ts';
import type { Logger } from '../../log.ts';
import { readChanges } from './read-changes.ts';
import { type ClaimedSession, type Cursor, type SessionOutcome, serviceFault } from './session-outcome.ts';
import type { SessionTokens } from './session-tokens.ts';

interface Dependencies {
  readonly graph: GraphClient;
  readonly tokens: SessionTokens;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A session that took a worker with it so often is not tried by another one. */
const mostClaims = 5;

/**
 * Reads the changes of one mailbox. A fault of ours is an outcome too: it must not keep other mailboxes from being read.
 * @throws only the signal's reason, when aborted
 */
export async function runSession(session: ClaimedSession, dependencies: Dependencies): Promise<SessionOutcome> {
  const { logger, signal } = dependencies;
  if (session.claims > mostClaims) {
    logger.error({ sessionId: session.id, claims: session.claims }, 'sync session given up');
    return serviceFault;
  }
  try {
    return await read(session, dependencies);
  } catch (error) {
    signal.throwIfAborted();
    logger.error({ err: error, sessionId: session.id }, 'sync session failed');
    return serviceFault;
  }
}

async function read(
  { userId: mailbox, capabilities, cursors, wasOpen }: ClaimedSession,
  { graph, tokens, clock, signal }: Dependencies,
): Promise<SessionOutcome> {
  let outcome = await tokens.get();
  /** What was read with a token that was refused then. */
  let before: { readonly changes: number; readonly cursors: ReadonlyMap<string, Cursor> } | undefined;
  for (const mayAskAgain of [true, false]) {
    if (outcome.kind === 'refused') {
      const { problem, retryAfterSeconds } = outcome;
      const reason = reasonOfTokenProblem[problem];
      return { kind: 'failed', problem: { reason, capability: null, resource: 'sign_in' }, retryAfterSeconds };
    }
    const { token, roles } = outcome;
    const known = new Map([...cursors, ...(before?.cursors ?? [])]);
    const found = await readChanges(graph, clock, { mailbox, capabilities, token, roles, cursors: known, signal });
    if (found.kind === 'nothing_there') return { kind: 'failed', problem: found.problem };
    const read = {
      changes: found.changes + (before?.changes ?? 0),
      cursors: new Map([...(before?.cursors ?? []), ...found.cursors]),
    };
    if (found.kind === 'read') return { ...found, ...read };
    const { answer, capability, resource } = found;
    // A refused token is tried again with a new one, once.
    if (answer.kind === 'token_refused' && mayAskAgain) {
      before = read;
      outcome = await tokens.instead(token);
      continue;
    }
    const reason = syncReasonOfAnswer(answer, capability, roles, wasOpen);
    const retryAfterSeconds = answer.kind === 'throttled' ? answer.retryAfterSeconds : undefined;
    return { kind: 'failed', problem: { reason, capability, resource }, retryAfterSeconds, ...read };
  }
  return serviceFault;
}
