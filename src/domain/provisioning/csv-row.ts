import type { CsvMapping } from './csv-columns.ts';
import type { RowProblem } from './row-verdict.ts';

export const csvLimits = { columns: 50, cell: 2_000, rows: 500_000 } as const;

/** By what somebody is looked up in the directory. */
export const keyKinds = ['id', 'userPrincipalName', 'mail'] as const;
export type KeyKind = (typeof keyKinds)[number];

/** Whom a row names, and what the file says of them. */
export interface NamedPerson {
  readonly keyKind: KeyKind;
  /** In lower case: Entra compares without regard to case. */
  readonly key: string;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly mail: string | null;
}

export type ReadRow =
  | { readonly kind: 'person'; readonly person: NamedPerson }
  | { readonly kind: 'problem'; readonly problem: RowProblem };

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** One @ with something on both sides; what an address may be is for Entra to say. */
const address = /^[^\s@]+@[^\s@]+$/;
const control = /\p{Cc}/u;
/** As the service keeps them. */
const longest = { address: 1_024, displayName: 256 };

/**
 * Whom a row names: by object id where it has one, else by user principal name, else by mail. A cell is text, whatever it
 * begins with. Never throws.
 * @param columnCount of the row of headings
 */
export function readCsvRow(cells: readonly string[], mapping: CsvMapping, columnCount: number): ReadRow {
  const cell = (column: number | undefined) => (column === undefined ? '' : (cells[column]?.trim() ?? ''));
  const id = cell(mapping.id);
  const userPrincipalName = cell(mapping.userPrincipalName);
  const mail = cell(mapping.mail);
  const displayName = cell(mapping.displayName);
  const used = [id, userPrincipalName, mail, displayName];

  // A separator too many moves every cell after it.
  if (cells.slice(columnCount).some((text) => text.trim() !== '')) return problem('row.too_many_cells');
  if (cells.some((text) => text.length > csvLimits.cell)) return problem('row.too_long');
  if (used.some((text) => control.test(text) || !text.isWellFormed())) return problem('row.control_character');
  if (userPrincipalName.length > longest.address || mail.length > longest.address) return problem('row.too_long');
  if (displayName.length > longest.displayName) return problem('row.too_long');

  if (id !== '' && !guid.test(id)) return problem('row.object_id');
  const named = { userPrincipalName: userPrincipalName || null, displayName: displayName || null, mail: mail || null };
  if (id !== '') return { kind: 'person', person: { ...named, keyKind: 'id', key: id.toLowerCase() } };
  const key = userPrincipalName || mail;
  if (key === '') return problem('row.nobody_named');
  if (!address.test(key)) return problem('row.address');
  const keyKind = userPrincipalName === '' ? 'mail' : 'userPrincipalName';
  return { kind: 'person', person: { ...named, keyKind, key: key.toLowerCase() } };
}

function problem(of: RowProblem): ReadRow {
  return { kind: 'problem', problem: of };
}
