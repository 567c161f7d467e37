import { badRequest, NotSimulated, unsupportedQuery } from './graph-error.ts';

/** A `$search` that was read. */
export type Search = (item: Readonly<Record<string, unknown>>) => boolean;

/**
 * Reads a `$search` of the directory, such as `"displayName:ann" OR "mail:ann"`: words of the query match the
 * beginnings of words in the property.
 * @param names properties that may be searched
 * @throws {GraphError} 400 when it cannot be read
 * @see Microsoft Learn, Use the $search query parameter, Directory object collections
 */
export function readSearch(text: string, names: readonly string[]): Search {
  const clauses = text.match(/"(?:[^"\\]|\\.)*"|\bAND\b|\bOR\b|[()]|\S+/g) ?? [];
  const alternatives: Search[][] = [[]];
  let expectsClause = true;
  for (const clause of clauses) {
    if (clause === '(' || clause === ')') throw new NotSimulated('parentheses in $search');
    if (clause === 'OR' || clause === 'AND') {
      if (expectsClause) throw syntax(text);
      if (clause === 'OR') alternatives.push([]);
      expectsClause = true;
      continue;
    }
    if (!expectsClause || !clause.startsWith('"')) throw syntax(text);
    alternatives.at(-1)?.push(readClause(clause.slice(1, -1).replace(/\\(.)/g, '$1'), names));
    expectsClause = false;
  }
  if (expectsClause) throw syntax(text);
  return (item) => alternatives.some((all) => all.every((matches) => matches(item)));
}

function readClause(clause: string, names: readonly string[]): Search {
  const colon = clause.indexOf(':');
  if (colon < 1) throw badRequest('Unrecognized query argument specified: the search clause has no property name.');
  const asked = clause.slice(0, colon);
  const name = names.find((each) => each.toLowerCase() === asked.toLowerCase());
  if (!name) throw unsupportedQuery(`Property '${asked}' does not support search.`);
  const words = wordsOf(clause.slice(colon + 1));
  if (words.length === 0) throw badRequest('The search text is empty.');
  return (item) => {
    const value = item[name];
    if (typeof value !== 'string') return false;
    const present = wordsOf(value);
    return words.every((word) => present.some((each) => each.startsWith(word)));
  };
}

/** Letters of every script and digits make words; accents count. */
const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}\p{Extended_Pictographic}]+/gu) ?? [];

const syntax = (text: string) =>
  badRequest(`Syntax error: the search clause must be enclosed in double quotes: '${text}'.`);
