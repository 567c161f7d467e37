import { judgeEligibility } from '../../../domain/eligibility/eligibility.ts';
import { readCsvRow } from '../../../domain/provisioning/csv-row.ts';
import type { StoredProvisioning } from '../../db/schema/provisioning.ts';
import type { Db } from '../../db/schema.ts';
import type { People, Refused } from '../../graph/people.ts';
import { csvRecords } from './csv-file.ts';
import { piecesOf } from './provisioning-pieces.store.ts';
import type { NewRow } from './provisioning-rows.store.ts';
import type { ProvisioningRuns } from './provisioning-runs.store.ts';

const rowsAtOnce = 2_000;
const longestKey = 320;

/**
 * Brings the rows of a file into the table, a part at a time, from the first that is not there yet.
 * @returns false when the provisioning is another's by now
 * @throws FileRefused
 */
export async function readFile(
  claimed: StoredProvisioning,
  { db, runs, signal }: { readonly db: Db; readonly runs: ProvisioningRuns; readonly signal: AbortSignal },
): Promise<boolean> {
  const { headings, mapping } = claimed;
  let rows: NewRow[] = [];
  let isHead = true;
  for await (const { line, cells } of csvRecords(piecesOf(db, claimed.tenant_id, claimed.id))) {
    signal.throwIfAborted();
    if (!isHead && line > claimed.staged_line) rows.push(toRow(line, cells));
    isHead = false;
    if (rows.length < rowsAtOnce) continue;
    if (!(await runs.stage(claimed, rows, { line, nextLink: null }))) return false;
    rows = [];
  }
  const last = rows.at(-1);
  return last ? runs.stage(claimed, rows, { line: last.line, nextLink: null }) : true;

  function toRow(line: number, cells: readonly string[]): NewRow {
    const read = readCsvRow(cells, mapping, headings.length);
    if (read.kind === 'problem') {
      const keys = [mapping.id, mapping.userPrincipalName, mapping.mail].map((column) => cells[column ?? -1] ?? '');
      const named = [...keys, ...cells].find((cell) => cell.trim() !== '') ?? '';
      return { ...nobody, line, verdict: read.problem, key: storable(named) };
    }
    const { keyKind, key, displayName, userPrincipalName, mail } = read.person;
    return { ...nobody, line, verdict: 'waiting', keyKind, key, displayName, userPrincipalName, mail };
  }
}

const nobody = { keyKind: 'id', userId: null, displayName: null, userPrincipalName: null, mail: null } as const;

/** What stands in a row that names nobody, short enough to be shown. */
function storable(text: string): string {
  return text
    .trim()
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, longestKey)
    .toWellFormed();
}

/**
 * Brings everybody whose licences include a mailbox into the table, page by page, from the page that is not there yet.
 * @returns what refused to go on, or false when the provisioning is another's by now
 */
export async function readLicensed(
  claimed: StoredProvisioning,
  { people, runs }: { readonly people: People; readonly runs: ProvisioningRuns },
): Promise<boolean | Refused> {
  let next = claimed.next_link;
  let line = claimed.staged_line;
  do {
    const page = await people.licensed(next);
    if (page.kind === 'refused') return page;
    const found = page.value.people.filter(({ hasMailboxPlan, userType }) => hasMailboxPlan && userType !== 'Guest');
    const places = await runs.places(
      claimed,
      found.map(({ id }) => id),
    );
    const rows = found.map((person, index): NewRow => {
      const verdict = judgeEligibility({ kind: 'found', facts: person }, places.get(person.id) ?? 'nowhere');
      const { id, displayName, userPrincipalName, mail } = person;
      return {
        line: line + index + 1,
        verdict,
        keyKind: 'id',
        key: id,
        userId: id,
        displayName,
        userPrincipalName,
        mail,
      };
    });
    line += rows.length;
    next = page.value.next;
    if (!(await runs.stage(claimed, rows, { line, nextLink: next }))) return false;
  } while (next !== null);
  return true;
}
