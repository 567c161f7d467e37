import { parse } from 'csv-parse/browser/esm/sync';
import { type FileProblem, fileLimits } from './csv-text.ts';

export interface CsvRow {
  /** Of the file, from 1: where the row begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

type Parsed = { readonly rows: readonly CsvRow[] } | { readonly problem: FileProblem; readonly line?: number };

const separators = [',', ';', '\t'] as const;

/** The rows of a CSV text, whatever its line ends and whichever separator its first line has most of. */
export function parseCsv(text: string): Parsed {
  const problem = measure(text);
  if (problem) return problem;
  try {
    const records = parse(text, {
      delimiter: separatorOf(text),
      // Mixed line ends: the longest first.
      record_delimiter: ['\r\n', '\n', '\r'],
      // No object is keyed by what a file calls its columns.
      columns: false,
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: fileLimits.columns * (fileLimits.cell + 1),
    });
    return { rows: withLines(records).filter(({ cells }) => cells.some((cell) => cell.trim() !== '')) };
  } catch (error) {
    return { problem: 'broken', line: (error as { lines?: number }).lines ?? 1 };
  }
}

/** Looks at lines and columns before anything is parsed; line breaks within quotes count too. */
function measure(text: string): { problem: FileProblem; line: number } | undefined {
  let line = 1;
  let inLine: Record<string, number> = { ',': 0, ';': 0, '\t': 0 };
  for (let index = 0; index < text.length; index++) {
    const one = text[index] as string;
    if (one === '\n' || (one === '\r' && text[index + 1] !== '\n')) {
      line++;
      inLine = { ',': 0, ';': 0, '\t': 0 };
      // The headings have a line of their own, and the last line may end with a line end.
      if (line > fileLimits.lines + 2) return { problem: 'too_many_lines', line };
    } else if (one === ',' || one === ';' || one === '\t') {
      const count = (inLine[one] ?? 0) + 1;
      inLine[one] = count;
      if (count >= fileLimits.columns) return { problem: 'too_many_columns', line };
    }
  }
  return undefined;
}

function separatorOf(text: string): string {
  const first = text.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const count = (separator: string) => first.split(separator).length;
  return [...separators].sort((a, b) => count(b) - count(a))[0] ?? ',';
}

/** The parser counts a CR LF within quotes twice; so lines are counted here. */
function withLines(records: readonly (readonly string[])[]): CsvRow[] {
  let next = 1;
  return records.map((cells) => {
    const line = next;
    next += 1 + cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    return { line, cells };
  });
}
