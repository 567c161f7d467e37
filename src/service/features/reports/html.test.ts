// @vitest-environment jsdom
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, readable } from './html.ts';

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", '/', '-', '!', '`', '=', '\0', '\r', ' ', 'a', '\uD800'),
  }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</bdi><img src=x onerror=alert(1)>',
    '<!--',
    ']]>',
    '</style>',
    '&lt;b&gt;',
    'javascript:alert(1)',
    '\u202Etxt.exe',
    '\u2069\u2069 out',
  ),
);

test('fault 89: every value is a text: it reads as it was given and makes no element', () => {
  fc.assert(
    fc.property(anything, anything, (first, second) => {
      const text = String(html`<table><tr><td>${first}</td><td>${[html`<b>${second}</b>`]}</td></tr></table>`);
      const { body } = new DOMParser().parseFromString(text, 'text/html');
      const elements = [...body.querySelectorAll('*')].map(({ localName }) => localName);
      expect(elements).toEqual(['table', 'tbody', 'tr', 'td', 'bdi', 'td', 'b', 'bdi']);
      expect(body.querySelectorAll('*[onerror], *[src], *[href]')).toHaveLength(0);
      expect([...body.querySelectorAll('bdi')].map(({ textContent }) => textContent)).toEqual([
        readable(first),
        readable(second),
      ]);
    }),
    { numRuns: 500 },
  );
});

test('fault 76: what turns text around is named, not obeyed', () => {
  expect(String(html`<p>${'\u202Eexe.txt\u2069'}</p>`)).toBe('<p><bdi>[U+202E]exe.txt[U+2069]</bdi></p>');
});

test.each([
  ['Zoë Ångström', 'Zoë Ångström'],
  ['שלום', 'שלום'],
  ['a\nb\tc', 'a\nb\tc'],
  ['a\0b\u0085', 'a\uFFFDb\uFFFD'],
  ['\uD800', '\uFFFD'],
])('%j reads %j', (text, read) => expect(readable(text)).toBe(read));

test('numbers stand as they are', () => {
  expect(String(html`<td>${1200}</td>`)).toBe('<td>1200</td>');
});
