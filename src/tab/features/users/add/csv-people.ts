import type { UserId } from '../../../../domain/ids.ts';
import type { Person } from '../../../graph/directory.ts';
import type { CsvRow } from './csv-rows.ts';
import { fileLimits } from './csv-text.ts';

export const rowProblems = ['id', 'user_principal_name', 'too_long', 'control_character', 'too_many_cells'] as const;
export type RowProblem = (typeof rowProblems)[number];

export interface BadRow {
  readonly line: number;
  readonly problem: RowProblem;
}

export interface CsvPeople {
  readonly people: readonly Person[];
  readonly badRows: readonly BadRow[];
  /** Rows that name somebody a second time. */
  readonly repeated: number;
}

/** Headings as Entra, Microsoft 365 and people write them; without case, spaces, dashes and underscores. */
const headings = {
  id: ['id', 'objectid', 'userid'],
  userPrincipalName: ['userprincipalname', 'upn'],
  displayName: ['displayname', 'name'],
  mail: ['mail', 'email', 'emailaddress'],
} as const;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const control = /\p{Cc}/u;
/** As the service takes them. */
const longest = { userPrincipalName: 1_024, displayName: 256, mail: 1_024 };

/**
 * People from rows below a row of headings. A cell is text, whatever it begins with.
 * @returns undefined without headings for object id and user principal name
 */
export function readPeople([head, ...rows]: readonly CsvRow[]): CsvPeople | undefined {
  const names = (head?.cells ?? []).map((cell) => cell.toLowerCase().replace(/[\s_-]/g, ''));
  // Of two columns with the same heading the first counts.
  const columnOf = (wanted: readonly string[]) => names.findIndex((name) => wanted.includes(name));
  const columns = {
    id: columnOf(headings.id),
    userPrincipalName: columnOf(headings.userPrincipalName),
    displayName: columnOf(headings.displayName),
    mail: columnOf(headings.mail),
  };
  if (columns.id < 0 || columns.userPrincipalName < 0) return undefined;

  const people = new Map<UserId, Person>();
  const badRows: BadRow[] = [];
  let repeated = 0;
  for (const { line, cells } of rows) {
    const cell = (column: number) => cells[column]?.trim() ?? '';
    const userPrincipalName = cell(columns.userPrincipalName);
    const person = {
      id: cell(columns.id).toLowerCase() as UserId,
      userPrincipalName,
      displayName: cell(columns.displayName) || userPrincipalName.slice(0, longest.displayName),
      mail: cell(columns.mail) || null,
    };
    const problem = problemOf(person, cells, names.length);
    if (problem) badRows.push({ line, problem });
    else if (people.has(person.id)) repeated++;
    else people.set(person.id, person);
  }
  return { people: [...people.values()], badRows, repeated };
}

function problemOf(person: Person, cells: readonly string[], columnCount: number): RowProblem | undefined {
  const { id, userPrincipalName, displayName, mail } = person;
  // A separator too many moves every cell after it.
  if (cells.slice(columnCount).some((text) => text.trim() !== '')) return 'too_many_cells';
  if (cells.some((text) => text.length > fileLimits.cell)) return 'too_long';
  if ([id, userPrincipalName, displayName, mail ?? ''].some((text) => control.test(text))) return 'control_character';
  if (!guid.test(id)) return 'id';
  if (!userPrincipalName.includes('@')) return 'user_principal_name';
  const isTooLong =
    userPrincipalName.length > longest.userPrincipalName ||
    displayName.length > longest.displayName ||
    (mail?.length ?? 0) > longest.mail;
  return isTooLong ? 'too_long' : undefined;
}
