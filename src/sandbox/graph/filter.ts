import { badRequest, NotSimulated, unsupportedQuery } from './graph-error.ts';

/** A `$filter` that was read. */
export interface Filter {
  readonly test: (item: Readonly<Record<string, unknown>>) => boolean;
  /** Needs `ConsistencyLevel: eventual` and `$count=true`. @see Microsoft Learn, Advanced query capabilities */
  readonly isAdvanced: boolean;
}

type Test = Filter['test'];

/** Values of one `in`. @see Microsoft Learn, Use the $filter query parameter, note on the operator */
const mostExpressions = 15;

const tokenPattern =
  /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w./$-]*|\d{4}-[\w:.+-]+|[0-9a-f]{8}-[0-9a-f-]{27}|-?\d+(?:\.\d+)?)|([(),:]))/iy;

/**
 * Reads an OData filter: comparisons, `and`, `or`, `not`, `in`, `startsWith`, `endsWith`, `any`.
 * @param names properties that may be filtered by; another one fails loudly
 * @throws {GraphError} 400 when it cannot be read
 */
export function readFilter(text: string, names: readonly string[]): Filter {
  const parser = new Parser(tokensOf(text), names);
  const test = parser.expression();
  parser.end();
  return { test, isAdvanced: parser.isAdvanced };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  let position = 0;
  while (text.slice(position).trim() !== '') {
    tokenPattern.lastIndex = position;
    const match = tokenPattern.exec(text);
    if (!match) throw badRequest(`Invalid filter clause: syntax error at position ${position} in '${text}'.`);
    tokens.push(match[0].trim());
    position = tokenPattern.lastIndex;
  }
  return tokens;
}

class Parser {
  isAdvanced = false;
  #position = 0;
  readonly #tokens: readonly string[];
  readonly #names: readonly string[];

  constructor(tokens: readonly string[], names: readonly string[]) {
    this.#tokens = tokens;
    this.#names = names;
  }

  expression(): Test {
    let left = this.#conjunction();
    while (this.#accept('or')) {
      const [first, second] = [left, this.#conjunction()];
      left = (item) => first(item) || second(item);
    }
    return left;
  }

  end(): void {
    if (this.#position < this.#tokens.length) throw this.#syntax();
  }

  #conjunction(): Test {
    let left = this.#negation();
    while (this.#accept('and')) {
      const [first, second] = [left, this.#negation()];
      left = (item) => first(item) && second(item);
    }
    return left;
  }

  #negation(): Test {
    if (!this.#accept('not')) return this.#primary();
    this.isAdvanced = true;
    const inner = this.#primary();
    return (item) => !inner(item);
  }

  #primary(): Test {
    if (this.#accept('(')) {
      const inner = this.expression();
      this.#expect(')');
      return inner;
    }
    const word = this.#next();
    const name = word.toLowerCase();
    if (name === 'startswith' || name === 'endswith' || name === 'contains') return this.#textFunction(name);
    if (name.endsWith('/any')) return this.#any(word.slice(0, -4));
    return this.#comparison(word);
  }

  #textFunction(name: string): Test {
    if (name === 'contains') throw badRequest("Unsupported query: the function 'contains' is not supported.");
    if (name === 'endswith') this.isAdvanced = true;
    this.#expect('(');
    const read = this.#property(this.#next());
    this.#expect(',');
    const text = String(this.#literal(this.#next())).toLowerCase();
    this.#expect(')');
    return (item) => {
      const value = read(item);
      if (typeof value !== 'string') return false;
      return name === 'startswith' ? value.toLowerCase().startsWith(text) : value.toLowerCase().endsWith(text);
    };
  }

  /** `proxyAddresses/any(x:x eq 'smtp:a@b')` and `assignedPlans/any(p:p/service eq 'exchange')`. */
  #any(collection: string): Test {
    const read = this.#property(collection);
    this.#expect('(');
    const variable = this.#next();
    this.#expect(':');
    const inner = new Parser(this.#tokens.slice(this.#position), [variable]);
    const test = inner.expression();
    this.isAdvanced ||= inner.isAdvanced;
    this.#position += inner.#position;
    this.#expect(')');
    return (item) => {
      const values = read(item);
      return Array.isArray(values) && values.some((value) => test({ [variable]: value }));
    };
  }

  #comparison(property: string): Test {
    // Counting the entries of a collection needs the advanced capabilities.
    if (property.toLowerCase().endsWith('/$count')) this.isAdvanced = true;
    const read = this.#property(property);
    const operator = this.#next().toLowerCase();
    if (operator === 'in') return this.#in(read);
    const expected = this.#literal(this.#next());
    if (operator === 'ne') this.isAdvanced = true;
    switch (operator) {
      case 'eq':
        return (item) => same(read(item), expected);
      case 'ne':
        return (item) => !same(read(item), expected);
      case 'ge':
        return (item) => order(read(item), expected) >= 0;
      case 'gt':
        return (item) => order(read(item), expected) > 0;
      case 'le':
        return (item) => order(read(item), expected) <= 0;
      case 'lt':
        return (item) => order(read(item), expected) < 0;
      default:
        throw this.#syntax();
    }
  }

  #in(read: (item: Readonly<Record<string, unknown>>) => unknown): Test {
    const expected: unknown[] = [];
    this.#expect('(');
    do expected.push(this.#literal(this.#next()));
    while (this.#accept(','));
    this.#expect(')');
    if (expected.length > mostExpressions) {
      throw unsupportedQuery(
        `Too many child clauses specified in search filter expression containing 'OR' operators: ${expected.length}. Max allowed: ${mostExpressions}.`,
      );
    }
    return (item) => expected.some((value) => same(read(item), value));
  }

  #property(path: string): (item: Readonly<Record<string, unknown>>) => unknown {
    const [first = '', ...rest] = path.split('/');
    const known = this.#names.find((name) => name.toLowerCase() === first.toLowerCase());
    if (!known) throw new NotSimulated(`$filter by ${path}`);
    return (item) =>
      rest.reduce<unknown>((value, step) => {
        if (step.toLowerCase() === '$count') return Array.isArray(value) ? value.length : 0;
        return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
      }, item[known]);
  }

  #literal(token: string): unknown {
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'null') return null;
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    if (/^\d{4}-\d{2}-\d{2}|^[0-9a-f]{8}-/i.test(token)) return token;
    throw this.#syntax();
  }

  #next(): string {
    const token = this.#tokens[this.#position];
    if (token === undefined) throw this.#syntax();
    this.#position += 1;
    return token;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#position]?.toLowerCase() !== token) return false;
    this.#position += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw this.#syntax();
  }

  #syntax() {
    const at = this.#tokens[this.#position] ?? 'the end';
    return badRequest(`Invalid filter clause: syntax error near '${at}'.`);
  }
}

/** The directory compares texts without regard to case. */
function same(value: unknown, expected: unknown): boolean {
  if (typeof value === 'string' && typeof expected === 'string') return value.toLowerCase() === expected.toLowerCase();
  return (value ?? null) === expected;
}

/** Dates are texts of one format, so their order is the order of texts. */
function order(value: unknown, expected: unknown): number {
  if (typeof value === 'number' && typeof expected === 'number') return value - expected;
  if (typeof value !== 'string' || typeof expected !== 'string') return Number.NaN;
  const [left, right] = [Date.parse(value), Date.parse(expected)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  return value.localeCompare(expected);
}
