import { importJWK, type JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { BoundedFetch } from '../outbound/bounded-fetch.ts';

type VerifyKey = Awaited<ReturnType<typeof importJWK>>;

/** A key of Entra and the issuer that may use it, with `{tenantid}` where it serves every tenant. */
export interface SigningKey {
  readonly key: VerifyKey;
  readonly issuer: string | undefined;
}

export type KeyLookup =
  | { readonly kind: 'found'; readonly key: SigningKey; readonly issuer: string }
  | { readonly kind: 'unknown_key' }
  /** Entra cannot be asked and nothing usable is cached. */
  | { readonly kind: 'unavailable' };

export interface SigningKeys {
  find(tenantId: string, keyId: string): Promise<KeyLookup>;
  /** Whether the keys of every tenant were read at least once and are still young enough. */
  areKnown(): boolean;
  /** Reads the keys of a tenant ahead of the first token. */
  warm(tenantId: string): Promise<void>;
}

/** Keys are read again after this time. */
const freshForMs = 24 * 3600_000;
/** And used at most this long when Entra cannot be reached. */
const usableForMs = 48 * 3600_000;
/** An unknown key id, or a failed read, asks Entra again at most this often. */
const cooldownMs = 30_000;

const discoveryDocument = z.object({ issuer: z.string().max(500), jwks_uri: z.url({ protocol: /^https$/ }).max(500) });
const keySet = z.object({
  keys: z
    .array(
      z.looseObject({
        kty: z.string(),
        kid: z.string().max(500),
        use: z.string().optional(),
        n: z.string().max(2000).optional(),
        e: z.string().max(20).optional(),
        issuer: z.string().max(500).optional(),
      }),
    )
    .max(200),
});

interface Known {
  readonly issuer: string;
  readonly keys: ReadonlyMap<string, SigningKey>;
  readonly readAtMs: number;
}

interface Dependencies {
  readonly fetch: BoundedFetch;
  readonly authorityHost: string;
  readonly tenantIds: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Entra's signing keys per tenant, from its discovery document.
 * @see Microsoft Learn, Access tokens in the Microsoft identity platform, "Validate the signature"
 */
export function createSigningKeys({ fetch, authorityHost, tenantIds, clock, logger }: Dependencies): SigningKeys {
  const known = new Map<string, Known>();
  const triedAt = new Map<string, number>();
  const reading = new Map<string, Promise<void>>();

  async function read(tenantId: string): Promise<void> {
    const limits = { deadlineMs: 10_000, maxBytes: 512 * 1024 };
    const discovery = await fetch(`${authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`, limits);
    const { issuer, jwks_uri } = discoveryDocument.parse(bodyOf(discovery));
    const keys = keySet.parse(bodyOf(await fetch(jwks_uri, limits)));
    const imported = new Map<string, SigningKey>();
    for (const { issuer: keyIssuer, ...jwk } of keys.keys) {
      if (jwk.kty !== 'RSA' || (jwk.use && jwk.use !== 'sig') || !jwk.n || !jwk.e) continue;
      const { kty, n, e } = jwk;
      imported.set(jwk.kid, { key: await importJWK({ kty, n, e } as JWK, 'RS256'), issuer: keyIssuer });
    }
    known.set(tenantId, { issuer, keys: imported, readAtMs: clock.monotonicMs() });
  }

  /** One read at a time per tenant, and none during the cool-down after the last one. */
  async function readUnlessTried(tenantId: string): Promise<void> {
    const running = reading.get(tenantId);
    if (running) return running;
    const last = triedAt.get(tenantId);
    if (last !== undefined && clock.monotonicMs() - last < cooldownMs) return;
    triedAt.set(tenantId, clock.monotonicMs());
    const attempt = read(tenantId)
      .catch((error: unknown) => logger.warn({ err: error, tenantId }, 'signing keys could not be read'))
      .finally(() => reading.delete(tenantId));
    reading.set(tenantId, attempt);
    return attempt;
  }

  function usable(tenantId: string): Known | undefined {
    const cached = known.get(tenantId);
    return cached && clock.monotonicMs() - cached.readAtMs < usableForMs ? cached : undefined;
  }

  return {
    async find(tenantId, keyId) {
      const cached = usable(tenantId);
      const isFresh = cached && clock.monotonicMs() - cached.readAtMs < freshForMs;
      if (!isFresh || !cached.keys.has(keyId)) await readUnlessTried(tenantId);
      const current = usable(tenantId);
      if (!current) return { kind: 'unavailable' };
      const key = current.keys.get(keyId);
      return key ? { kind: 'found', key, issuer: current.issuer } : { kind: 'unknown_key' };
    },
    areKnown: () => tenantIds.every((tenantId) => usable(tenantId) !== undefined),
    warm: readUnlessTried,
  };
}

function bodyOf({ status, text }: { status: number; text: string }): unknown {
  if (status !== 200) throw new Error(`Entra answered ${status}`);
  return JSON.parse(text);
}
