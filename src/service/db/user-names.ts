import { type RawBuilder, sql } from 'kysely';
import { foldText } from '../../domain/fold-text.ts';
import type { TenantId, UserId } from '../../domain/ids.ts';
import type { Tx } from './schema.ts';

/** What people call a user. Who it is says the object id alone, which never changes. */
export interface UserNames {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
}

/** Names often repeat: what is in it once is found. */
export function searchTextOf({ displayName, userPrincipalName, mail }: UserNames): string {
  const texts = [displayName, userPrincipalName, mail ?? ''].map(foldText);
  return [...new Set(texts)].filter((text) => text !== '').join(' ');
}

export function sortNameOf({ displayName, userPrincipalName }: UserNames): string {
  return foldText(displayName || userPrincipalName);
}

/** People as a table for {@link renameUsers}. */
export function namesOf(people: readonly UserNames[]): RawBuilder<unknown> {
  return sql`unnest(
    ${people.map(({ id }) => id)}::uuid[], ${people.map(({ displayName }) => displayName)}::text[],
    ${people.map(({ userPrincipalName }) => userPrincipalName)}::text[], ${people.map(({ mail }) => mail)}::text[]
  )`;
}

/**
 * Users whom the directory calls otherwise by now are shown, found and sorted under their new names.
 * @param directory rows of id, display name, user principal name and mail address
 */
export async function renameUsers(tx: Tx, tenantId: TenantId, directory: RawBuilder<unknown>): Promise<void> {
  const { rows: renamed } = await sql<UserNames>`
    select n.id, n.name as "displayName", n.upn as "userPrincipalName", n.mail
    from ${directory} as n (id, name, upn, mail) join users u on u.tenant_id = ${tenantId} and u.id = n.id
    where (u.display_name, u.user_principal_name, u.mail) is distinct from (n.name, n.upn, n.mail)
  `.execute(tx);
  if (renamed.length === 0) return;
  await sql`
    update users u set
      display_name = n.name, user_principal_name = n.upn, mail = n.mail, search = n.search, sort_name = n.sort_name
    from unnest(
      ${renamed.map(({ id }) => id)}::uuid[], ${renamed.map(({ displayName }) => displayName)}::text[],
      ${renamed.map(({ userPrincipalName }) => userPrincipalName)}::text[], ${renamed.map(({ mail }) => mail)}::text[],
      ${renamed.map(searchTextOf)}::text[], ${renamed.map(sortNameOf)}::text[]
    ) as n (id, name, upn, mail, search, sort_name)
    where u.tenant_id = ${tenantId} and u.id = n.id
  `.execute(tx);
}
