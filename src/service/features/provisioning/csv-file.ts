import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { FileProblem } from '../../../contract/provisioning.ts';
import { csvLimits } from '../../../domain/provisioning/csv-row.ts';

/** Why a file is not read, and where in it. */
export class FileRefused extends Error {
  readonly problem: FileProblem;
  readonly line: number | null;

  constructor(problem: FileProblem, line: number | null = null) {
    super(`the file is refused: ${problem}`);
    this.problem = problem;
    this.line = line;
  }
}

export interface CsvRecord {
  /** Of the file, from 1: where the row begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

// ZIP, which an .xlsx is; gzip; the container of an old .xls; PDF.
const signatures = [
  [0x50, 0x4b],
  [0x1f, 0x8b],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x25, 0x50, 0x44, 0x46],
];

/**
 * The rows of a file as it is read, headings first, without empty rows; whatever its encoding, its line ends, and
 * whichever separator its first line has most of. Holds one piece and one row at a time.
 * @throws FileRefused
 */
export async function* csvRecords(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const texts = textsOf(pieces);
  const first = await texts.next();
  const beginning = first.done ? '' : first.value;
  if (beginning.trim() === '') throw new FileRefused('empty');
  const parser = parse({
    delimiter: separatorOf(beginning),
    // Mixed line ends: the longest first.
    record_delimiter: ['\r\n', '\n', '\r'],
    // No object is keyed by what a file calls its columns.
    columns: false,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: csvLimits.columns * (csvLimits.cell + 1),
  });
  // Whoever iterates is told of an error by the parser itself.
  pipeline(Readable.from(joined(beginning, texts), { highWaterMark: 1 }), parser, () => {});
  let line = 1;
  let count = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (cells.some((cell) => cell.trim() !== '')) {
        // The headings are none.
        if (count++ > csvLimits.rows) throw new FileRefused('too_many_rows', line);
        yield { line, cells };
      }
      // The parser counts a CR LF within quotes twice; so lines are counted here.
      line += 1 + cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    }
  } catch (error) {
    if (error instanceof CsvError) throw new FileRefused('broken', (error as { lines?: number }).lines ?? line);
    throw error;
  }
}

/** What an admin chooses columns by: headings and the first rows. @throws FileRefused */
export async function inspectCsv(pieces: AsyncIterable<Uint8Array>) {
  const records: (readonly string[])[] = [];
  for await (const { line, cells } of csvRecords(pieces)) {
    if (records.length === 0 && cells.length > csvLimits.columns) throw new FileRefused('too_many_columns', line);
    records.push(cells.slice(0, csvLimits.columns).map(shortened));
    if (records.length > sampleRows) break;
  }
  const [headings = [], ...sample] = records;
  if (sample.length === 0) throw new FileRefused('no_rows');
  return { headings, sample };
}

const sampleRows = 3;

function shortened(cell: string): string {
  return cell.trim().slice(0, 100).toWellFormed();
}

/** The file's text, piece by piece: UTF-8, or what its byte order mark says. */
async function* textsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let beginning = '';
  let hasBegun = false;
  let lineCount = 1;
  let lineLength = 0;
  function check(text: string): string {
    if (text.includes('\0')) throw new FileRefused('not_text');
    // Before it is parsed: a row of nothing but separators would be cells without number.
    for (const part of text.split(/(?<=[\r\n])/)) {
      lineLength += part.length;
      if (lineLength > longestLine) throw new FileRefused('broken', lineCount);
      if (!/[\r\n]$/.test(part)) continue;
      lineCount += part.endsWith('\n') ? 1 : 0;
      lineLength = 0;
    }
    return text;
  }
  try {
    for await (const bytes of withWholeMark(pieces)) {
      decoder ??= decoderOf(bytes);
      const text = check(decoder.decode(bytes, { stream: true }));
      beginning += hasBegun ? '' : text;
      // The separator is chosen by the whole first line.
      if (!hasBegun && !/[\r\n]/.test(beginning.trimStart()) && beginning.length < longestLine) continue;
      yield hasBegun ? text : beginning;
      hasBegun = true;
    }
    const rest = check(decoder?.decode() ?? '');
    yield hasBegun ? rest : beginning + rest;
  } catch (error) {
    throw error instanceof TypeError ? new FileRefused('encoding') : error;
  }
}

/** In characters, as the longest row that is read. */
const longestLine = csvLimits.columns * (csvLimits.cell + 1);

/** The first piece with enough to tell the encoding by. */
async function* withWholeMark(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined = new Uint8Array();
  for await (const piece of pieces) {
    if (held === undefined) yield piece;
    else {
      held = Buffer.concat([held, piece]);
      if (held.length < 4) continue;
      yield held;
      held = undefined;
    }
  }
  if (held?.length) yield held;
}

function decoderOf(bytes: Uint8Array): TextDecoder {
  if (signatures.some((signature) => signature.every((byte, index) => bytes[index] === byte))) {
    throw new FileRefused('not_text');
  }
  return new TextDecoder(encodingOf(bytes), { fatal: true });
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

async function* joined(beginning: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield beginning;
  for await (const text of rest) if (text !== '') yield text;
}

const separators = [',', ';', '\t'] as const;

function separatorOf(text: string): string {
  const first = text.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const count = (separator: string) => first.split(separator).length;
  return [...separators].sort((a, b) => count(b) - count(a))[0] ?? ',';
}
