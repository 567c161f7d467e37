import { foldText } from '../../domain/fold-text.ts';

/** Makes user text a LIKE pattern that finds it anywhere. */
export function containing(text: string): string {
  return `%${foldText(text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
