import type { Selectable } from 'kysely';
import type { Consent } from '../../../contract/consent.ts';
import type { ConsentFacts, ConsentJudgement } from '../../../domain/consent/consent-state.ts';
import type { Admin } from '../../auth/admin.ts';
import type { ConsentsTable } from '../../db/schema/consent.ts';
import { isPassing } from '../../entra/token-outcome.ts';
import type { StoredChange } from './consent-changes.ts';

type StoredConsent = Selectable<ConsentsTable>;

/** What a judgement leaves in its row. */
export function toStored({ state, problem, permissions, evidence }: ConsentJudgement) {
  return { state, problem, permissions: JSON.stringify(permissions), evidence };
}

/** Of an organization whose consent nobody has looked at. */
export const notRequested: Consent = {
  state: 'not_requested',
  problem: null,
  permissions: [],
  evidence: null,
  change: null,
  verifiedAt: null,
  grantedBy: null,
  grantedAt: null,
};

/** A stored consent and its latest change, as the tab is told of them. */
export function toContract(row: StoredConsent, change: StoredChange | undefined): Consent {
  return {
    state: row.state,
    problem: row.problem as Consent['problem'],
    permissions: row.permissions.map(({ permission, capability, state }) => ({
      permission,
      capability: capability ?? null,
      state,
    })),
    evidence: row.evidence,
    change: change
      ? {
          kind: change.kind,
          changedAt: change.changed_at.toISOString(),
          expectedBy: change.expected_by.toISOString(),
          endedAt: change.ended_at?.toISOString() ?? null,
          outcome: change.outcome,
        }
      : null,
    verifiedAt: row.verified_at?.toISOString() ?? null,
    grantedBy: row.granted_by ? { userId: row.granted_by, displayName: row.granted_by_name ?? '' } : null,
    grantedAt: row.granted_at?.toISOString() ?? null,
  };
}

/**
 * What a verification without a token changes of one that had it: nothing of what was found, which stays with its time, and
 * the state where somebody asked or has something to do about it.
 * @returns undefined where it has news
 */
export function toStoredWithoutNews(
  { state, problem }: ConsentJudgement,
  facts: ConsentFacts,
  { before, by }: { readonly before: StoredConsent | undefined; readonly by: Admin | undefined },
): Pick<StoredConsent, 'state' | 'problem'> | undefined {
  if (state !== 'unknown' || facts.problem === null || before?.facts?.problem !== null) return undefined;
  return by || !isPassing(facts.problem) ? { state, problem } : { state: before.state, problem: before.problem };
}
