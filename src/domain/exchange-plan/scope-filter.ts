import { opathLiteral } from './powershell-literal.ts';

/** A management scope over groups: their direct members, or everybody else. */
export interface GroupFilter {
  readonly covers: 'members' | 'everybody_else';
  readonly distinguishedNames: readonly string[];
}

/**
 * The filter of a management scope over groups. Each distinguished name becomes a literal of the filter's own; the filter
 * as a whole may then need quoting once more, for PowerShell.
 * @throws RangeError without any group: an empty filter would hold every recipient
 * @throws RangeError when a name has characters that a script must not carry
 * @see Microsoft Learn, RBAC for Applications in Exchange Online, MemberOfGroup with a distinguished name
 */
export function writeScopeFilter({ covers, distinguishedNames }: GroupFilter): string {
  if (distinguishedNames.length === 0) throw new RangeError('A scope needs a group.');
  const members = distinguishedNames.map((name) => `MemberOfGroup -eq ${opathLiteral(name)}`).join(' -or ');
  return covers === 'members' ? members : `-not (${members})`;
}

/**
 * Reads a filter as groups where it says nothing else: comparisons of MemberOfGroup, `-or` between them, brackets, and
 * one `-not` in front of a bracket around all. Undefined for any other filter: nothing is guessed.
 */
export function readScopeFilter(filter: string): GroupFilter | undefined {
  const tokens = tokenize(filter);
  if (!tokens) return undefined;
  const inner = withoutBrackets(tokens);
  const isNegated = inner[0]?.toLowerCase() === '-not' && isBracketed(inner.slice(1));
  const distinguishedNames = readAlternatives(isNegated ? inner.slice(1) : inner);
  return distinguishedNames && { covers: isNegated ? 'everybody_else' : 'members', distinguishedNames };
}

/** Distinguished names that a filter compares MemberOfGroup with, whatever else it says. */
export function groupsNamedIn(filter: string): string[] {
  const tokens = tokenize(filter) ?? [];
  return tokens.flatMap((token, index) => {
    const isOfGroup =
      tokens[index - 2]?.toLowerCase() === 'memberofgroup' && /^-(eq|ne)$/i.test(tokens[index - 1] ?? '');
    return isOfGroup && isLiteral(token) ? [textOf(token)] : [];
  });
}

const token =
  /\s*(?:(['\u2018\u2019\u201A\u201B](?:[^'\u2018\u2019\u201A\u201B]|['\u2018\u2019\u201A\u201B]{2})*['\u2018\u2019\u201A\u201B])|([()])|(-?[A-Za-z]+))\s*/y;

function tokenize(filter: string): string[] | undefined {
  const tokens: string[] = [];
  const reader = new RegExp(token);
  while (reader.lastIndex < filter.length) {
    const match = reader.exec(filter);
    const found = match?.[1] ?? match?.[2] ?? match?.[3];
    if (found === undefined) return undefined;
    tokens.push(found);
  }
  return tokens;
}

/** `a -or b -or c`, any of them in brackets of its own. */
function readAlternatives(tokens: readonly string[]): string[] | undefined {
  const inner = withoutBrackets(tokens);
  const parts = splitAtOr(inner);
  if (parts.length === 1) return readComparison(inner);
  const names = parts.map(readAlternatives);
  return names.every((each) => each !== undefined) ? names.flat() : undefined;
}

function readComparison([property, operator, literal, ...rest]: readonly string[]): string[] | undefined {
  const isComparison = property?.toLowerCase() === 'memberofgroup' && operator?.toLowerCase() === '-eq';
  return isComparison && literal && isLiteral(literal) && rest.length === 0 ? [textOf(literal)] : undefined;
}

function splitAtOr(tokens: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const each of tokens) {
    if (each === '(') depth += 1;
    if (each === ')') depth -= 1;
    if (depth === 0 && each.toLowerCase() === '-or') parts.push([]);
    else parts.at(-1)?.push(each);
  }
  return parts;
}

function withoutBrackets(tokens: readonly string[]): readonly string[] {
  return isBracketed(tokens) ? withoutBrackets(tokens.slice(1, -1)) : tokens;
}

/** Whether one pair of brackets holds everything: `(a) -or (b)` is not such. */
function isBracketed(tokens: readonly string[]): boolean {
  if (tokens[0] !== '(') return false;
  let depth = 0;
  for (const [index, each] of tokens.entries()) {
    if (each === '(') depth += 1;
    if (each === ')') depth -= 1;
    if (depth === 0) return index === tokens.length - 1;
  }
  return false;
}

const isLiteral = (text: string) => /^['\u2018\u2019\u201A\u201B]/.test(text);

/** Two adjacent quotes of any kind are one; the second one stays. */
const textOf = (literal: string) =>
  literal.slice(1, -1).replace(/['\u2018\u2019\u201A\u201B](['\u2018\u2019\u201A\u201B])/g, '$1');
