import { type Kysely, sql } from 'kysely';

/**
 * What lists of 200,000 users need: verdicts in the order of lists, and numbers that nobody counts. The database keeps
 * both by itself, so that whoever writes users or verdicts cannot forget them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

interface Tallied {
  readonly rows: string;
  readonly tallies: string;
  /** Columns of the tallies, and where in the rows they come from. */
  readonly columns: readonly string[];
  readonly sources: readonly string[];
  /** What follows an update besides. */
  readonly afterUpdate?: string;
}

/**
 * Keeps the numbers of `tallies` for the groups of `rows`. A number is the sum of its rows: a writer takes one that
 * nobody else is writing, or adds one, so that no transaction waits for another and none can deadlock.
 */
export function keepTallies({ rows, tallies, columns, sources, afterUpdate = '' }: Tallied): string[] {
  const group = columns.join(', ');
  const [ofTally, ofChange] = ['t', 'c'].map((alias) => columns.map((column) => `${alias}.${column}`).join(', '));
  const now = `select ${sources.join(', ')}, 1 from after`;
  const before = `select ${sources.join(', ')}, -1 from before`;
  const events = [
    { event: 'insert', changed: now, transition: 'new table as after', also: '' },
    {
      event: 'update',
      changed: `${now} union all ${before}`,
      transition: 'old table as before new table as after',
      also: afterUpdate,
    },
    { event: 'delete', changed: before, transition: 'old table as before', also: '' },
  ];
  return events.flatMap(({ event, changed, transition, also }) => [
    `create function ${tallies}_on_${event}() returns trigger language plpgsql as $$ begin
      with changed as (
        select ${group}, sum(n) as n from (${changed}) as c (${group}, n) group by ${group} having sum(n) <> 0
      ), taken as materialized (
        select c.*, free.id from changed c left join lateral (
          select t.id from ${tallies} t where (${ofTally}) = (${ofChange}) limit 1 for update skip locked
        ) free on true
      ), moved as (
        update ${tallies} t set count = t.count + c.n from taken c where t.tenant_id = c.tenant_id and t.id = c.id
      )
      insert into ${tallies} (${group}, count) select ${group}, n from taken where id is null;
      ${also}
      return null;
    end $$`,
    `create trigger ${tallies}_on_${event} after ${event} on ${rows} referencing ${transition}
      for each statement execute function ${tallies}_on_${event}()`,
  ]);
}

const statements = [
  // Lists are sorted by verdict and by name, so both stand in one table.
  'alter table mailbox_access add column organization_id uuid',
  'alter table mailbox_access add column sort_name text collate "C"',
  `update mailbox_access a set organization_id = u.organization_id, sort_name = u.sort_name
    from users u where u.tenant_id = a.tenant_id and u.id = a.user_id`,
  'alter table mailbox_access alter column organization_id set not null',
  'alter table mailbox_access alter column sort_name set not null',
  'create index mailbox_access_list on mailbox_access (tenant_id, status_rank, sort_name, user_id)',
  `create index mailbox_access_list_of_organization
    on mailbox_access (tenant_id, organization_id, status_rank, sort_name, user_id)`,
  'create index users_of_organization_by_name on users (tenant_id, organization_id, sort_name, id)',

  `create table access_tallies (
    tenant_id uuid not null,
    id bigint generated always as identity,
    organization_id uuid not null,
    status text not null,
    reason text not null,
    count integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  ) with (fillfactor = 50)`,
  'create index access_tallies_of_organization on access_tallies (tenant_id, organization_id, status, reason)',
  `create table state_tallies (
    tenant_id uuid not null,
    id bigint generated always as identity,
    organization_id uuid not null,
    mailbox_state text not null,
    count integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
  ) with (fillfactor = 50)`,
  'create index state_tallies_of_organization on state_tallies (tenant_id, organization_id, mailbox_state)',
  `insert into access_tallies (tenant_id, organization_id, status, reason, count)
    select tenant_id, organization_id, status, coalesce(reason, ''), count(*) from mailbox_access group by 1, 2, 3, 4`,
  `insert into state_tallies (tenant_id, organization_id, mailbox_state, count)
    select tenant_id, organization_id, mailbox_state, count(*) from users group by 1, 2, 3`,
  ...keepTallies({
    rows: 'mailbox_access',
    tallies: 'access_tallies',
    columns: ['tenant_id', 'organization_id', 'status', 'reason'],
    sources: ['tenant_id', 'organization_id', 'status', "coalesce(reason, '')"],
  }),
  ...keepTallies({
    rows: 'users',
    tallies: 'state_tallies',
    columns: ['tenant_id', 'organization_id', 'mailbox_state'],
    sources: ['tenant_id', 'organization_id', 'mailbox_state'],
    afterUpdate: `update mailbox_access a set organization_id = u.organization_id, sort_name = u.sort_name
      from after u join before o on o.tenant_id = u.tenant_id and o.id = u.id
      where (u.organization_id <> o.organization_id or u.sort_name <> o.sort_name)
        and a.tenant_id = u.tenant_id and a.user_id = u.id;`,
  }),
];
