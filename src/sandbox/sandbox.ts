import type { CertificateAndKey } from './certificates.ts';
import type { MovableClock } from './clock.ts';
import type { DelegatedTokenRefusal, DelegatedTokenRequest, DelegatedTokens } from './entra/delegated-tokens.ts';
import type { SigningKeys } from './entra/signing-keys.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { Settings } from './settings.ts';
import type { ApplicationRegistration, RegistrationOptions } from './tenant/registration.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { Origins } from './world.ts';

export interface SandboxOptions {
  /** 0, or absent: any free port. */
  readonly port?: number;
  /** Name or address to listen on and to be called by; `localhost` unless given. */
  readonly host?: string;
  /** Generated people beside the ones that tests call by name; 0 unless given. */
  readonly people?: number;
  /** Where Microsoft's services seem to be; the sandbox's own address unless given. */
  readonly origins?: Partial<Origins>;
  /** Signs the server's certificate; a new one unless given. */
  readonly certificateAuthority?: CertificateAndKey;
  /** Names for the server's certificate beside the host and the origins. */
  readonly hosts?: readonly string[];
  readonly registration?: RegistrationOptions;
  /** Further applications; each is in no tenant until somebody consents, or a test adds it. */
  readonly registrations?: readonly (RegistrationOptions & { readonly clientId: string })[];
  /** A clock of the test; otherwise real time plus an offset. */
  readonly clock?: MovableClock;
  readonly settings?: Partial<Settings>;
  /**
   * Whether the application is in the tenant already, with its delegated scopes consented for everybody and without any
   * application permission. `true` unless given, as after registering it there; `false` as before the first consent.
   */
  readonly applicationInTenant?: boolean;
}

/** The simulated tenant as tests and `npm run sandbox` see it. */
export interface Sandbox {
  /** Where it listens, such as `https://localhost:4300`; Entra, Graph and the Teams host answer there by path. */
  readonly url: string;
  readonly port: number;
  readonly origins: Origins;
  /** Signed the server's certificate; its certificate is for `NODE_EXTRA_CA_CERTS`, its key signs further ones. */
  readonly certificateAuthority: CertificateAndKey;
  readonly clock: MovableClock;
  readonly settings: Settings;
  /** The product's application; may be changed. */
  readonly registration: ApplicationRegistration;
  /** With the further ones. */
  readonly registrations: readonly ApplicationRegistration[];
  /** Contoso, the home tenant of the application. */
  readonly tenant: Tenant;
  /** Every tenant, by id. */
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** The keys with which Entra signs tokens: to rotate them, and to forge tokens with any claims. */
  readonly keys: SigningKeys;
  /** A further tenant with people of its own; the application is absent there until somebody consents. */
  addTenant(options: { id: string; displayName: string; domain: string; people?: number }): Tenant;
  /** Tokens for a user as the Teams host gets them: one resource per request. */
  issueDelegatedTokens(request: DelegatedTokenRequest): DelegatedTokens | DelegatedTokenRefusal;
  /** A token for the product's own API, as the tab sends it. @throws when Entra would refuse it */
  signIn(userId: string, options?: { clientId?: string }): string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
