import { sql } from 'kysely';
import type { OrganizationId, TenantId } from '../domain/ids.ts';
import { accessStatuses } from '../domain/mailbox-access/verdict.ts';
import { readConfig } from '../service/config.ts';
import { createLogger } from '../service/log.ts';
import { createService } from '../service/service.ts';
import { answerParent } from './child.ts';
import type { Seeded } from './list-cases.ts';
import { personOf } from './seeded-people.ts';

// The service on either database, with a whole company in it that nobody imported.

const result = readConfig(process.env);
if (!result.ok) throw new Error(result.faults.join('\n'));
const { config } = result;
const service = await createService(config, { logger: createLogger('error') });
const started = await service.start();
const tenantId: TenantId = config.tenantIds[0];
const { db } = service.database;

const rowsAtOnce = 5_000;
/** Pairs that one transaction turns over. */
const pairsAtOnce = 100;
let isTurning = false;
let turning = Promise.resolve();
let turned = 0;
type TurnedStatus = keyof typeof turnedReasons;
const turnedReasons = { blocked: 'mailbox.none', working: 'connected' } as const;

/** In one statement: nobody sees half of it. */
async function setVerdicts(ids: readonly string[], statusOf: (id: string, index: number) => TurnedStatus) {
  const statuses = ids.map(statusOf);
  await sql`
    update mailbox_access a set status = v.status, status_rank = v.rank, reason = v.reason, checked_at = now()
    from unnest(${ids}::uuid[], ${statuses}::text[], ${statuses.map((one) => accessStatuses.indexOf(one))}::int[],
      ${statuses.map((one) => turnedReasons[one])}::text[]) as v (id, status, rank, reason)
    where a.tenant_id = ${tenantId} and a.user_id = v.id
  `.execute(db);
}

/** In the order of their numbers. */
const seededIds: string[] = [];

const mebibyte = 1024 * 1024;
let watching: NodeJS.Timeout | undefined;
let peakRssMb = 0;

const handlers = {
  port: () => started.port,

  /** From now on. @returns what the process, the embedded database included, holds now */
  watchMemory(): number {
    const look = () => {
      peakRssMb = Math.max(peakRssMb, process.memoryUsage.rss() / mebibyte);
    };
    clearInterval(watching);
    peakRssMb = 0;
    look();
    watching = setInterval(look, 20);
    return peakRssMb;
  },

  /** The most it held since. */
  peakMemory: () => peakRssMb,

  /**
   * Has one of each pair of users blocked and the other work, and from now on turns pairs over, many in each transaction:
   * of each pair exactly one is blocked at any moment.
   * @returns how many pairs there are
   */
  async startTurning(): Promise<number> {
    const pairs = Math.floor(seededIds.length / 2);
    for (let start = 0; start < seededIds.length; start += rowsAtOnce) {
      const ids = seededIds.slice(start, start + rowsAtOnce);
      await setVerdicts(ids, (_, index) => (index % 2 === 0 ? 'blocked' : 'working'));
    }
    let next = 0;
    isTurning = true;
    turning = (async () => {
      while (isTurning) {
        const ids = seededIds.slice(next * 2, Math.min(next + pairsAtOnce, pairs) * 2);
        const isEven = Math.floor(turned / pairs) % 2 === 0;
        await setVerdicts(ids, (_, index) => ((index % 2 === 0) === isEven ? 'working' : 'blocked'));
        turned += ids.length / 2;
        next = next + pairsAtOnce >= pairs ? 0 : next + pairsAtOnce;
      }
    })();
    return pairs;
  },

  turned: () => turned,

  async stopTurning(): Promise<void> {
    isTurning = false;
    await turning;
  },

  async seed({ users }: { users: number }): Promise<Seeded> {
    const organizationIds = Array.from({ length: 10 }, () => crypto.randomUUID() as OrganizationId);
    for (const [index, id] of organizationIds.entries()) {
      await sql`
        insert into organizations (tenant_id, id, name, external_id, connection_type, is_default, capabilities, created_at,
          updated_at)
        values (${tenantId}, ${id}, ${`Office ${index}`}, ${`office-${index}`}, 'graph_app_only', false, '{mail}', now(), now())
      `.execute(db);
    }
    for (let start = 0; start < users; start += rowsAtOnce) {
      const people = Array.from({ length: Math.min(rowsAtOnce, users - start) }, (_, offset) => {
        const person = personOf(start + offset);
        const organizationId = organizationIds[person.isInLarge ? 0 : 1 + ((start + offset) % 9)];
        return { id: crypto.randomUUID(), organizationId, ...person };
      });
      seededIds.push(...people.map(({ id }) => id));
      const column = <T>(of: (person: (typeof people)[number]) => T) => people.map(of);
      await sql`
        insert into users (tenant_id, id, organization_id, organization_since, display_name, user_principal_name, mail,
          search, sort_name, connection_type, sync_enabled, created_at)
        select ${tenantId}, p.id, p.organization_id, now(), p.name, p.upn, p.upn, p.search, p.sort_name, p.connection,
          p.is_on, now()
        from unnest(${column(({ id }) => id)}::uuid[], ${column((one) => one.organizationId)}::uuid[],
          ${column(({ name }) => name)}::text[], ${column(({ address }) => address)}::text[],
          ${column(({ search }) => search)}::text[], ${column(({ sortName }) => sortName)}::text[],
          ${column(({ connection }) => connection)}::text[], ${column((one) => !one.isSwitchedOff)}::boolean[])
          as p (id, organization_id, name, upn, search, sort_name, connection, is_on)
      `.execute(db);
      await sql`
        insert into mailbox_access (tenant_id, user_id, organization_id, sort_name, status, status_rank, reason, checked_at)
        select ${tenantId}, p.id, p.organization_id, p.sort_name, p.status, p.rank, p.reason,
          case when p.status <> 'not_checked' then now() - make_interval(secs => p.ago) end
        from unnest(${column(({ id }) => id)}::uuid[], ${column((one) => one.organizationId)}::uuid[],
          ${column(({ sortName }) => sortName)}::text[], ${column(({ verdict }) => verdict.status)}::text[],
          ${column(({ verdict }) => accessStatuses.indexOf(verdict.status))}::int[],
          ${column(({ verdict }) => verdict.reason)}::text[], ${column((one) => one.checkedSecondsAgo)}::int[])
          as p (id, organization_id, sort_name, status, rank, reason, ago)
      `.execute(db);
      await sql`
        update mailbox_syncs s set last_sync_at = now() - make_interval(secs => p.ago)
        from unnest(${column(({ id }) => id)}::uuid[], ${column((one) => one.syncedSecondsAgo)}::int[]) as p (id, ago)
        where s.tenant_id = ${tenantId} and s.user_id = p.id and p.ago is not null
      `.execute(db);
      await sql`
        insert into sync_errors (tenant_id, user_id, kind, title, detail, first_seen_at, last_seen_at)
        select ${tenantId}, id, 'mailbox', 'Mailbox error', '', now(), now()
        from unnest(${people.filter(({ hasIssue }) => hasIssue).map(({ id }) => id)}::uuid[]) as p (id)
      `.execute(db);
    }
    // Of itself, it is done in ten to twenty seconds: the first look still sees somebody write.
    for (let looks = 0; looks < 2; looks++) await service.database.upkeep?.look();
    // A server does it by itself in a minute.
    if (service.database.kind === 'postgres') await sql`vacuum (analyze)`.execute(db);
    return { largeId: organizationIds[0] ?? '', smallId: organizationIds[1] ?? '' };
  },
};
export type Lists = typeof handlers;

answerParent(handlers, () => service.stop());
