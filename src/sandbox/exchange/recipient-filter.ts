/** A recipient as filters see it: its attributes, and the distinguished names of the groups it is a direct member of. */
export interface FilterSubject {
  readonly attributes: Readonly<Record<string, string>>;
  readonly memberOfGroup: ReadonlySet<string>;
}

type Predicate = (subject: FilterSubject) => boolean;

/**
 * Reads the part of OPATH that management scopes of applications use: `Property -eq 'value'`, `-ne`, `-and`, `-or`, `-not`
 * and brackets. Any of PowerShell's single quotes starts and ends a value; inside it two of them are one. Nested groups
 * are not expanded: only direct members match.
 * @throws Error for anything else, so that no filter is ever taken to mean something it does not
 * @see Microsoft Learn, Filterable properties for the RecipientFilter parameter
 */
export function parseRecipientFilter(filter: string): Predicate {
  const tokens = tokenize(filter);
  let position = 0;
  const peek = () => tokens[position];
  const take = () => tokens[position++];
  const fail = (what: string): never => {
    throw new Error(`"${filter}" is not a valid filter: ${what}.`);
  };

  const expression = parseOr();
  if (peek() !== undefined) fail(`"${peek()}" was not expected`);
  return expression;

  function parseOr(): Predicate {
    let left = parseAnd();
    while (peek()?.toLowerCase() === '-or') {
      take();
      const [first, second] = [left, parseAnd()];
      left = (subject) => first(subject) || second(subject);
    }
    return left;
  }

  function parseAnd(): Predicate {
    let left = parseNot();
    while (peek()?.toLowerCase() === '-and') {
      take();
      const [first, second] = [left, parseNot()];
      left = (subject) => first(subject) && second(subject);
    }
    return left;
  }

  function parseNot(): Predicate {
    if (peek()?.toLowerCase() !== '-not') return parseComparison();
    take();
    const inner = parseNot();
    return (subject) => !inner(subject);
  }

  function parseComparison(): Predicate {
    if (peek() === '(') {
      take();
      const inner = parseOr();
      if (take() !== ')') fail('a bracket is not closed');
      return inner;
    }
    const property = take() ?? fail('a property is missing');
    const operator = take()?.toLowerCase();
    const literal = take() ?? '';
    if (operator !== '-eq' && operator !== '-ne') fail(`the operator ${operator} is not known`);
    if (!startsWithQuote.test(literal)) fail('a value in single quotes is missing');
    const value = literal.slice(1, -1).replaceAll(doubledQuote, '$1');
    const equals: Predicate = (subject) =>
      property.toLowerCase() === 'memberofgroup'
        ? subject.memberOfGroup.has(value)
        : (subject.attributes[property] ?? '').toLowerCase() === value.toLowerCase();
    return operator === '-eq' ? equals : (subject) => !equals(subject);
  }
}

const startsWithQuote = /^['\u2018\u2019\u201A\u201B]/;
const doubledQuote = /['\u2018\u2019\u201A\u201B](['\u2018\u2019\u201A\u201B])/g;

function tokenize(filter: string): string[] {
  const tokens =
    filter.match(
      /['\u2018\u2019\u201A\u201B](?:[^'\u2018\u2019\u201A\u201B]|['\u2018\u2019\u201A\u201B]{2})*['\u2018\u2019\u201A\u201B]|[()]|-[A-Za-z]+|[A-Za-z0-9_]+|\S/g,
    ) ?? [];
  if (tokens.length === 0) throw new Error('An empty filter would hold every recipient.');
  return tokens;
}
