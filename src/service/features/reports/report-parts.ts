import { type Html, html } from './html.ts';

/** Names and what they are, a row each. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): Html {
  return html`<table><tbody>${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table>`;
}

type Heading = readonly [title: string, kind?: 'number'];

/** Numbers stand at the end of their cells. */
export function table(headings: readonly Heading[], rows: readonly (readonly (string | number)[])[]): Html {
  const heading = ([title, kind]: Heading) =>
    kind ? html`<th scope="col" class="number">${title}</th>` : html`<th scope="col">${title}</th>`;
  const cell = (value: string | number) =>
    typeof value === 'number' ? html`<td class="number">${whole(value)}</td>` : html`<td>${value}</td>`;
  return html`<table><thead><tr>${headings.map(heading)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table>`;
}

export function whole(count: number): string {
  return count.toLocaleString('en-US');
}

/** An instant to the second, and never in a zone that the reader has to guess. */
export function utc(at: Date | string | null): string {
  if (at === null) return '–';
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
