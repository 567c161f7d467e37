import type { Person } from '../../../graph/directory.ts';
import type { ReadFile } from './read-csv-file.ts';

export interface ChosenFile {
  readonly name: string;
  readonly read: ReadFile;
  /** The admin has seen how many rows are not understood, and goes on without them. */
  readonly leavesOutBadRows: boolean;
}

/** Whom a file brings: nobody as long as rows would be left out unseen. */
export function peopleIn(file: ChosenFile | undefined): readonly Person[] {
  if (file?.read.outcome !== 'read') return [];
  return file.read.badRows.length === 0 || file.leavesOutBadRows ? file.read.people : [];
}
