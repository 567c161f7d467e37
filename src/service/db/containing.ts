import { foldText } from '../../domain/fold-text.ts';

/** Makes user text a LIKE pattern that finds it anywhere. */
export function containing(text: string): string {
  return `%${foldText(text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

/** Of a text with so many letters or digits side by side, an index of three letters each knows some. */
const longEnough = /[a-z0-9]{3}/;

/**
 * Letters and pairs of letters by which an index finds a text that is too short for the other one; undefined when it is
 * not. Who has them all may have them at other places: they are asked for besides {@link containing}.
 */
export function shortGramsOf(text: string): readonly string[] | undefined {
  const folded = foldText(text);
  if (longEnough.test(folded)) return undefined;
  const letters = [...folded];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}
