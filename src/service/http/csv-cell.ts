/** What Excel and its like take in one cell. */
export const longestCell = 32_767;

// What opens a formula, full-width forms included: some spreadsheets normalize them.
const formula = '=+\\-@\uFF1D\uFF0B\uFF0D\uFF20';
const separators = ',;|\\t\\r\\n';
// Quotes, spaces and marks without width that a reader may drop before it looks.
const skipped = `[^\\S\\t\\r\\n]|["\uFEFF\\u200B-\\u200F\\u2060]`;

const atStart = new RegExp(`^(?:${skipped}|[${separators}])*[${formula}\\t\\r\\n\\0]`, 'u');
const afterSeparator = new RegExp(`(?<=[${separators}])(?=(?:${skipped})*[${formula}])`, 'gu');
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a spreadsheet
const controls = /[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * A text as a spreadsheet may be given it: no formula, also for a reader that takes another separator than ours and so
 * finds cells within the cell. An apostrophe stands before what would be one. csv-stringify's own `escape_formulas`
 * looks at the first character alone.
 * @see OWASP, CSV Injection
 */
export function toCell(text: string): string {
  const plain = text.toWellFormed().replace(controls, '');
  const words = plain.replaceAll('\0', '').replace(afterSeparator, "'");
  const safe = atStart.test(plain) ? `'${words}` : words;
  if (safe.length <= longestCell) return safe;
  const cut = safe.slice(0, longestCell - 1);
  // Not through the middle of a character.
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
