import type { UserId } from '../../../domain/ids.ts';
import type { Person } from '../../graph/directory.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads `object id, user principal name, display name` per line, separated by commas, semicolons or tabs.
 * @returns the people, and the number of the first line that is not understood
 */
export function readPastedList(text: string): { people: Person[]; wrongLine: number | undefined } {
  const people: Person[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [id = '', userPrincipalName = '', displayName = ''] = line.split(/[\t,;]/).map((part) => part.trim());
    if (!guid.test(id) || !userPrincipalName.includes('@')) return { people, wrongLine: index + 1 };
    people.push({
      id: id.toLowerCase() as UserId,
      userPrincipalName,
      displayName: displayName || userPrincipalName,
      mail: null,
    });
  }
  return { people, wrongLine: undefined };
}
