/** A piece of HTML that {@link html} made; its text cannot be given from outside. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}
export type Html = Markup;

type Value = string | number | Html | readonly Html[];

/**
 * HTML from a template. What stands in the template is markup of ours; every value is a text, whatever is in it, and
 * runs in its own direction. Values go between tags only, never into one: they would bring a `<bdi>` with them.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Markup(String.raw({ raw: parts }, ...values.map(toMarkup)));
}

function toMarkup(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `<bdi>${escaped(value)}</bdi>`;
  return value instanceof Markup ? String(value) : value.map(String).join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a page
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;
/** What turns text around; `<bdi>` holds back the rest of the line, but not one that closes the `<bdi>` itself. */
const turning = /[\u202A-\u202E\u2066-\u2069]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return readable(text).replace(/[&<>"']/g, (one) => entities[one] ?? '');
}

/** As it is shown: what turns text around is named, because a reader of evidence should see that it is there. */
export function readable(text: string): string {
  return text
    .toWellFormed()
    .replace(controls, '\uFFFD')
    .replace(turning, (one) => `[U+${one.charCodeAt(0).toString(16).toUpperCase()}]`);
}
