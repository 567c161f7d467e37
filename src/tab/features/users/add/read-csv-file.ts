import { type CsvPeople, readPeople } from './csv-people.ts';
import { decodeCsv, type FileProblem, fileLimits } from './csv-text.ts';

export type ReadFile =
  | ({ readonly outcome: 'read' } & CsvPeople)
  | { readonly outcome: 'refused'; readonly problem: FileProblem; readonly line?: number };

/** Reads people from a file that the admin chose. Nothing of it leaves the browser here. Never throws. */
export async function readCsvFile(file: Blob): Promise<ReadFile> {
  // Before any of it is in memory.
  if (file.size > fileLimits.bytes) return { outcome: 'refused', problem: 'too_large' };
  const decoded = decodeCsv(new Uint8Array(await file.arrayBuffer()));
  if ('problem' in decoded) return { outcome: 'refused', ...decoded };
  // The parser is loaded by those who choose a file.
  const { parseCsv } = await import('./csv-rows.ts');
  const parsed = parseCsv(decoded.text);
  if ('problem' in parsed) return { outcome: 'refused', ...parsed };
  const people = readPeople(parsed.rows);
  return people ? { outcome: 'read', ...people } : { outcome: 'refused', problem: 'no_headings' };
}
