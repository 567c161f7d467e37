import { createRequire } from 'node:module';
import { Language, type Node, Parser } from '@vscode/tree-sitter-wasm';

let parser: Promise<Parser> | undefined;

async function startParser(): Promise<Parser> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm');
  const started = new Parser();
  started.setLanguage(await Language.load(grammar));
  return started;
}

/** The syntax tree of a script by PowerShell's real grammar; with or without a byte order mark. */
export async function parsePowershell(script: string): Promise<Node> {
  parser ??= startParser();
  const tree = (await parser).parse(script.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  if (!tree) throw new Error('The grammar gave no tree.');
  return tree.rootNode;
}

/** Nodes of a type, outermost first, in the order of the text. */
export function nodesOf(node: Node, type: string): Node[] {
  const inner = node.children.flatMap((child) => (child ? nodesOf(child, type) : []));
  return node.type === type ? [node, ...inner] : inner;
}

/** Statements that run when the script does; the bodies of its functions are not among them. */
export function statementsOf(root: Node): Node[] {
  return root.children
    .flatMap((child) => (child?.type === 'statement_list' ? child.children : [child]))
    .flatMap((each) => each ?? []);
}

/** Names of the commands in a part of a script. */
export function commandsIn(node: Node): string[] {
  return nodesOf(node, 'command_name').map((name) => name.text);
}

export function syntaxErrorsIn(node: Node): string[] {
  return [
    ...(node.isError || node.isMissing ? [`${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`] : []),
    ...node.children.flatMap((child) => (child ? syntaxErrorsIn(child) : [])),
  ];
}

/** A value made of literals alone. */
export type Literal = string | Literal[] | { [key: string]: Literal };

/**
 * The value of an assignment at the top of a script.
 * @throws when it is made of anything but single-quoted strings, arrays and hashtables
 */
export function literalOf(root: Node, variable: string): Literal {
  const assignment = statementsOf(root)
    .flatMap((statement) => nodesOf(statement, 'assignment_expression'))
    .find((each) => each.children[0]?.text === `$${variable}`);
  const value = assignment?.children.at(-1);
  if (!value) throw new Error(`The script assigns nothing to $${variable}.`);
  return readLiteral(value);
}

function readLiteral(node: Node): Literal {
  switch (node.type) {
    case 'string_literal':
      return unquote(node.text);
    case 'array_expression':
      return namedChildren(node).flatMap(readElements);
    case 'hash_literal_expression':
      return Object.fromEntries(
        nodesOf(node, 'hash_entry').map((entry) => {
          const [key, value] = namedChildren(entry);
          if (!key || !value) throw new Error(`"${entry.text}" is no entry.`);
          return [key.text, readLiteral(value)];
        }),
      );
  }
  const [only, ...others] = namedChildren(node);
  if (!only || others.length > 0) throw new Error(`"${node.text}" is more than a literal.`);
  return readLiteral(only);
}

/** `'a', 'b'` on one line, or one element per line. */
function readElements(node: Node): Literal[] {
  const isElement = ['string_literal', 'array_expression', 'hash_literal_expression'].includes(node.type);
  return isElement ? [readLiteral(node)] : namedChildren(node).flatMap(readElements);
}

const namedChildren = (node: Node) => node.children.flatMap((child) => (child?.isNamed ? [child] : []));

/** Any two adjacent quotes of any kind are one; the second one stays. */
function unquote(literal: string): string {
  if (!/^['\u2018\u2019\u201A\u201B]/.test(literal)) throw new Error(`${literal} is not a single-quoted literal.`);
  return literal.slice(1, -1).replace(/['\u2018\u2019\u201A\u201B](['\u2018\u2019\u201A\u201B])/g, '$1');
}
