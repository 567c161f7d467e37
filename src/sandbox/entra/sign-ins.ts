import { randomBytes } from 'node:crypto';
import type { Person } from '../tenant/person.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { findAccount, type World } from '../world.ts';
import { EntraError } from './entra-error.ts';

export interface Account {
  readonly tenant: Tenant;
  readonly person: Person;
}

const cookieName = 'ESTSAUTH';

/** Who is signed in to which browser, and who is in the middle of a consent dialog. */
export class SignIns {
  readonly #accounts = new Map<string, Account>();

  /** The account of a browser by its cookie. */
  ofBrowser(cookieHeader: string | undefined): Account | undefined {
    const id = cookieHeader?.match(new RegExp(`${cookieName}=([\\w-]+)`))?.[1];
    const account = id ? this.#accounts.get(id) : undefined;
    return account && !account.person.deletedAt && account.person.accountEnabled ? account : undefined;
  }

  /** The `Set-Cookie` header that signs a browser in. */
  signIn(account: Account): string {
    return `${cookieName}=${this.begin(account)}; Path=/; HttpOnly; Secure; SameSite=None`;
  }

  signOut(): string {
    return `${cookieName}=; Path=/; HttpOnly; Secure; SameSite=None; Max-Age=0`;
  }

  /** Remembers an account for the next step of a dialog. */
  begin(account: Account): string {
    const id = randomBytes(18).toString('base64url');
    this.#accounts.set(id, account);
    return id;
  }

  atStep(id: string): Account | undefined {
    return this.#accounts.get(id);
  }
}

/**
 * The account that was picked.
 * @param tenant whose accounts are welcome; every tenant's when absent
 * @throws {EntraError} 50034 unknown, 50020 of another tenant, 50057 disabled
 */
export function pickAccount(world: World, tenant: Tenant | undefined, idOrUserPrincipalName: string): Account {
  const account = findAccount(world, idOrUserPrincipalName.trim());
  if (!account) {
    const where = tenant?.displayName ?? 'any tenant';
    throw new EntraError(
      50034,
      'invalid_grant',
      `The user account ${idOrUserPrincipalName} does not exist in ${where}.`,
    );
  }
  if (tenant && account.tenant !== tenant) {
    throw new EntraError(
      50020,
      'invalid_grant',
      `User account '${account.person.userPrincipalName}' from identity provider does not exist in tenant '${tenant.displayName}' and cannot access the application '${world.registration.clientId}' in that tenant.`,
    );
  }
  if (!account.person.accountEnabled) throw new EntraError(50057, 'invalid_grant', 'The user account is disabled.');
  return account;
}
