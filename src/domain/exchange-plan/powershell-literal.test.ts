import { createRequire } from 'node:module';
import { Language, type Node, Parser } from '@vscode/tree-sitter-wasm';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { isScriptValue, opathLiteral, powershellLiteral } from './powershell-literal.ts';

let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm');
  parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
});

/** Reads one single-quoted literal as PowerShell's tokenizer does: any two adjacent quote characters are one. */
function readLiteral(script: string): { value: string; rest: string } {
  const isQuote = (character: string | undefined) =>
    character !== undefined && /['\u2018\u2019\u201A\u201B]/.test(character);
  if (!isQuote(script[0])) throw new Error('There is no literal.');
  let value = '';
  let index = 1;
  while (index < script.length) {
    const isPair = isQuote(script[index]) && isQuote(script[index + 1]);
    if (isQuote(script[index]) && !isPair) return { value, rest: script.slice(index + 1) };
    value += script[isPair ? index + 1 : index];
    index += isPair ? 2 : 1;
  }
  throw new Error('The literal does not end.');
}

function nodesOf(node: Node, type: string): Node[] {
  const inner = node.children.flatMap((child) => (child ? nodesOf(child, type) : []));
  return node.type === type ? [node, ...inner] : inner;
}

/** Strings made of what breaks scripts: quotes of all kinds, sigils, comment marks, dashes, here-strings, line ends. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'\'\u2018\u2019\u201A\u201B"\u201C\u201D\u201E$`;|&(){}#@,<>-\u2013\u2014\u2015 \u00A0%\\*?[]',
      ),
      fc.constantFrom('$(', '#>', '<#', "'@", "@'", '--%', '`n', '-WhatIf:$false', "'; Remove-Item C:\\ -Recurse; '"),
      fc.constantFrom('\0', '\r', '\n', '\r\n', '\u0085', '\u2028', '\u2029', '\u202E', '\u2066', '\uD800', '\uFEFF'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

test('each of 20,000 hostile strings is refused, or comes back as exactly one literal token', () => {
  let accepted = 0;
  fc.assert(
    fc.property(hostile, (value) => {
      if (!isScriptValue(value)) {
        expect(() => powershellLiteral(value)).toThrow(RangeError);
        return;
      }
      accepted += 1;
      const script = `Get-Group -Identity ${powershellLiteral(value)} -WhatIf`;

      const literal = script.slice('Get-Group -Identity '.length);
      expect(readLiteral(literal)).toEqual({ value, rest: ' -WhatIf' });

      const tree = parser.parse(`${script}\n`);
      if (!tree) throw new Error('The grammar gave no tree.');
      expect(tree.rootNode.hasError).toBe(false);
      const strings = nodesOf(tree.rootNode, 'string_literal');
      expect(strings).toHaveLength(1);
      expect(strings[0]?.text).toBe(powershellLiteral(value));
      expect(nodesOf(tree.rootNode, 'command_parameter').map((node) => node.text)).toEqual(['-Identity', '-WhatIf']);
      tree.delete();
    }),
    { numRuns: 20_000, seed: 7 },
  );
  expect(accepted).toBeGreaterThan(5_000);
});

test('a name in an OPATH filter survives both layers', () => {
  fc.assert(
    fc.property(hostile.filter(isScriptValue), (value) => {
      const filter = `MemberOfGroup -eq ${opathLiteral(value)}`;
      const { value: received, rest } = readLiteral(powershellLiteral(filter));
      expect({ received, rest }).toEqual({ received: filter, rest: '' });
      expect(readLiteral(received.slice('MemberOfGroup -eq '.length))).toEqual({ value, rest: '' });
    }),
  );
});

test.each(['a\0b', 'a\nb', 'a\rb', 'a\u0085b', 'a\u2028b', 'a\u202Eb', 'a\u2066b', 'a\uFEFFb', 'a\uD800b'])(
  'the value %j may not stand in a script',
  (value) => expect(isScriptValue(value)).toBe(false),
);

test.each(["O'Neil", 'Führung', '営業部', '👩‍💻 Entwicklung', 'A & B'])('the value %j may', (value) =>
  expect(isScriptValue(value)).toBe(true),
);
