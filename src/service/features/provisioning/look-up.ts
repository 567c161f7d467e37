import { type DirectoryAnswer, judgeEligibility } from '../../../domain/eligibility/eligibility.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { StoredProvisioning } from '../../db/schema/provisioning.ts';
import { keyOf, type People, type PersonFacts } from '../../graph/people.ts';
import type { ProvisioningRuns, WaitingRow } from './provisioning-runs.store.ts';
import type { RowResult } from './row-verdicts.store.ts';

/** As many as the largest batches hold: 15 people in a request, 20 requests in a batch, four batches on their way. */
const rowsAtOnce = 1_200;

interface Dependencies {
  readonly people: People;
  readonly runs: ProvisioningRuns;
}

/**
 * Looks up everybody who has no verdict yet and saves one for each.
 * @returns `done`, `lost` when the provisioning is another's by now, or why it cannot go on
 */
export async function lookUp(
  claimed: StoredProvisioning,
  { people, runs }: Dependencies,
): Promise<'done' | 'lost' | { readonly stoppedBecause: ReasonCode }> {
  let deleted: ReadonlySet<string> | undefined;
  for (let after = 0; ; ) {
    const rows = await runs.waiting(claimed, after, rowsAtOnce);
    const last = rows.at(-1);
    if (!last) return 'done';
    after = last.line;

    const found = await people.find(rows);
    if (found.kind === 'refused') {
      // Who was named with object id and user principal name can be added without the directory's word.
      if (!isForbidden(found.reason) || !rows.every(isKnown)) return { stoppedBecause: found.reason };
    } else if (!deleted && found.value.includes(undefined)) {
      const answer = await people.deleted();
      // Who is not in the directory is not, whether or not it may be read who could be restored.
      if (answer.kind === 'refused' && !isForbidden(answer.reason)) return { stoppedBecause: answer.reason };
      deleted = answer.kind === 'read' ? answer.value : new Set();
    }
    const facts = found.kind === 'read' ? found.value : undefined;
    const ids = rows.flatMap((row, index) => idOf(row, facts?.[index]) ?? []);
    const places = await runs.places(claimed, ids);
    const results = rows.map((row, index): RowResult => {
      const person = facts?.[index];
      const userId = idOf(row, person);
      const place = (userId && places.get(userId)) ?? 'nowhere';
      return {
        line: row.line,
        verdict: judgeEligibility(answerOf(row, person), place),
        userId,
        displayName: person?.displayName ?? row.displayName ?? row.userPrincipalName,
        userPrincipalName: person?.userPrincipalName ?? row.userPrincipalName,
        mail: person ? person.mail : row.mail,
      };
    });
    if (!(await runs.save(claimed, results))) return 'lost';

    function answerOf(row: WaitingRow, person: PersonFacts | undefined): DirectoryAnswer {
      if (!facts) return { kind: 'not_asked' };
      if (person) return { kind: 'found', facts: person };
      return { kind: deleted?.has(keyOf(row)) ? 'deleted' : 'not_found' };
    }
  }
}

/** Nothing changes by asking again: somebody has to grant something first. */
function isForbidden(reason: ReasonCode): boolean {
  return reason.startsWith('consent.');
}

function isKnown({ keyKind, userPrincipalName }: WaitingRow): boolean {
  return keyKind === 'id' && userPrincipalName !== null;
}

function idOf({ keyKind, key }: WaitingRow, person: PersonFacts | undefined): UserId | null {
  return person?.id ?? (keyKind === 'id' ? (key as UserId) : null);
}
