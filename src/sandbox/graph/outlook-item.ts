import type { Call } from './operation.ts';

/** Item ids change when an item moves, unless immutable ones are asked for: the two look different. */
const prefixes = { ordinary: 'AAMkAGI2', immutable: 'AAkALgAA' };

/** The id of an item as this caller wants it. */
export function idOf(call: Call, kind: string, key: string): string {
  const prefix = wantsImmutableIds(call) ? prefixes.immutable : prefixes.ordinary;
  return `${prefix}${Buffer.from(`${kind}:${key}`).toString('base64url')}`;
}

/** The key in an id of this kind, whichever of the two forms it has. */
export function keyIn(id: string, kind: string): string | undefined {
  if (!id.startsWith(prefixes.ordinary) && !id.startsWith(prefixes.immutable)) return undefined;
  const text = Buffer.from(id.slice(prefixes.ordinary.length), 'base64url').toString();
  return text.startsWith(`${kind}:`) ? text.slice(kind.length + 1) : undefined;
}

const wantsImmutableIds = (call: Call) => /IdType="ImmutableId"/i.test(call.request.headers.prefer ?? '');

/** The etag that Outlook puts on every item. */
export const etagOf = (key: string, version: number) => `W/"${Buffer.from(`${key}/${version}`).toString('base64url')}"`;

export const changeKeyOf = (key: string, version: number) => Buffer.from(`${key}/${version}`).toString('base64');
