import type { GroupId, ScopeChangeId, ScopeDriftId, TenantId, UserId } from '../../src/domain/ids.ts';
import { ownRegistration, type RegistrationName } from '../../src/domain/registration.ts';
import type { Bench } from './bench.ts';

/** Sets what an admin intends, as the stored change would: the people of a group, with those of nested groups. */
export async function intend(
  bench: Bench,
  {
    list = 'allow',
    memberIds,
    nestedIds = [],
    since,
    registration = ownRegistration,
  }: {
    readonly list?: 'allow' | 'block';
    readonly memberIds: readonly string[];
    /** Those of the members who are in a nested group only. */
    readonly nestedIds?: readonly string[];
    readonly since?: Date;
    /** The application whose limit it is. */
    readonly registration?: RegistrationName;
  },
): Promise<void> {
  const { db } = bench.service.database;
  const tenantId = bench.tenantId as TenantId;
  const group = {
    id: '451b4cf3-6123-4df7-b656-af7229d4beef' as GroupId,
    displayName: 'Sales',
    address: 'sales@contoso.example',
    kind: 'mail_enabled_security' as const,
  };
  await db
    .deleteFrom('mailbox_scopes')
    .where('tenant_id', '=', tenantId)
    .where('registration', '=', registration)
    .execute();
  await db
    .insertInto('mailbox_scopes')
    .values({
      tenant_id: tenantId,
      registration,
      change_id: crypto.randomUUID() as ScopeChangeId,
      mechanism: 'application_access_policy',
      list,
      group: JSON.stringify(group),
      includes_nested: nestedIds.length > 0,
      set_at: bench.clock.now(),
      set_by: null,
      set_by_name: null,
    })
    .execute();
  if (memberIds.length === 0) return;
  await db
    .insertInto('mailbox_scope_members')
    .values(
      [...new Set(memberIds)].map((userId) => ({
        tenant_id: tenantId,
        registration,
        user_id: userId as UserId,
        is_nested: nestedIds.includes(userId),
        since: since ?? new Date('2026-01-01T00:00:00Z'),
      })),
    )
    .execute();
}

/** Stores an open change whose objects Exchange reported as made at this time. */
export async function changeMadeAt(
  bench: Bench,
  madeAt: Date | null,
  facts: { readonly grantsGoneAt?: Date; readonly state?: 'open' | 'done' } = {},
): Promise<void> {
  const tenantId = bench.tenantId as TenantId;
  const plan = JSON.stringify({});
  await bench.service.database.db
    .insertInto('scope_changes')
    .values({
      tenant_id: tenantId,
      id: crypto.randomUUID() as ScopeChangeId,
      kind: 'limit',
      mechanism: 'application_access_policy',
      list: 'allow',
      group: JSON.stringify({}),
      includes_nested: true,
      plans: plan,
      report: JSON.stringify([]),
      state: facts.state ?? 'open',
      made_at: madeAt,
      roles_proved: true,
      caches_know_at: null,
      grants_gone_at: facts.grantsGoneAt ?? null,
      policies_removed_at: null,
      created_at: bench.clock.now(),
      created_by: crypto.randomUUID() as UserId,
      created_by_name: 'Ada Lovelace',
      ended_at: null,
    })
    .execute();
}

/** Stores an open finding, as a look for drift does. */
export async function foundDrift(bench: Bench): Promise<ScopeDriftId> {
  const id = crypto.randomUUID() as ScopeDriftId;
  await bench.service.database.db
    .insertInto('scope_drifts')
    .values({
      tenant_id: bench.tenantId as TenantId,
      id,
      what: 'grant_added',
      subject: 'Mail.Send',
      capabilities: ['send'],
      by: null,
      found_at: bench.clock.now(),
      dismissed_at: null,
    })
    .execute();
  return id;
}
