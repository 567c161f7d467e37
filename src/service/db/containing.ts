import { foldText } from '../../domain/fold-text.ts';

/** Makes user text a LIKE pattern that finds it anywhere. */
export function containing(text: string): string {
  return `%${foldText(text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

/** Of a text with so many letters or digits side by side, an index of three letters each knows some. */
const longEnough = /[a-z0-9]{3}/;

/** Whether a text is too short for the index of three letters each. */
export function isFoundByPairs(text: string): boolean {
  return !longEnough.test(foldText(text));
}

/** Pairs of letters of a text, or its only letter. Who has them all may have them at other places: ask for the text too. */
export function letterPairsOf(text: string): readonly string[] {
  const letters = [...foldText(text)];
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}
