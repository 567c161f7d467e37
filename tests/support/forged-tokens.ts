import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Bench } from './bench.ts';

type Json = Readonly<Record<string, unknown>>;

const encode = (part: object | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** Header and claims of a token that the service accepts. */
export function goodToken(bench: Bench, person = 'ada@contoso.example') {
  const [header, payload] = bench
    .signIn(person)
    .token.split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json);
  return { header: header ?? {}, claims: payload ?? {} };
}

/** A token signed with Entra's own key: only what it says can be wrong. Members that are undefined are left out. */
export function signedByEntra(bench: Bench, claims: Json, header: Json = {}): string {
  return bench.sandbox.keys.sign(withoutUndefined(claims), header);
}

export const attackersKey = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A token signed with a key of our own. */
export function signedBy(key: KeyObject, header: Json, claims: Json): string {
  const signed = `${encode(header)}.${encode(withoutUndefined(claims))}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

/** A token with a MAC instead of a signature. */
export function signedByMac(secret: string | Buffer, header: Json, claims: Json): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

export function unsigned(header: Json, claims: Json, signature = ''): string {
  return `${encode(header)}.${encode(claims)}.${signature}`;
}

function withoutUndefined(claims: Json): Json {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
