import type { Person } from '../tenant/person.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Platform } from './platform.ts';

/** What an authorization code stands for. */
interface AuthorizationCode {
  readonly tenant: Tenant;
  readonly person: Person;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly platform: Platform;
  readonly scopes: string;
  readonly challenge: string | undefined;
  readonly nonce: string | undefined;
  readonly expiresAt: Date;
  used: boolean;
}

interface RefreshToken {
  readonly tenant: Tenant;
  readonly person: Person;
  readonly clientId: string;
  readonly scopes: string;
  readonly platform: Platform;
  readonly expiresAt: Date;
}

/** What the token endpoint remembers between requests. */
export interface TokenStore {
  readonly codes: Map<string, AuthorizationCode>;
  readonly refreshTokens: Map<string, RefreshToken>;
}

export const emptyTokenStore = (): TokenStore => ({
  codes: new Map(),
  refreshTokens: new Map(),
});
