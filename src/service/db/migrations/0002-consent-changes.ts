import { type Kysely, sql } from 'kysely';

/** What a consent rests on, and the changes of it that are or were on their way through Microsoft. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table consents add column facts jsonb',
  'alter table consents add column evidence text',

  `create table consent_changes (
    tenant_id uuid not null,
    id uuid not null,
    organization_id uuid not null,
    kind text not null,
    changed_at timestamptz not null,
    expected_by timestamptz not null,
    ended_at timestamptz,
    outcome text,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  )`,
  // One clock runs per organization: a newer change takes the place of the one before.
  `create unique index consent_changes_open on consent_changes (tenant_id, organization_id) where ended_at is null`,
  'create index consent_changes_latest on consent_changes (tenant_id, organization_id, changed_at desc)',
];
