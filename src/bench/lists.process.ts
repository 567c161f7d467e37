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
        select ${tenantId}, p.*, now()
        from unnest(${column(({ id }) => id)}::uuid[], ${column((one) => one.organizationId)}::uuid[],
          ${column(({ sortName }) => sortName)}::text[], ${column(({ verdict }) => verdict.status)}::text[],
          ${column(({ verdict }) => accessStatuses.indexOf(verdict.status))}::int[],
          ${column(({ verdict }) => verdict.reason)}::text[]) as p
      `.execute(db);
    }
    await service.database.maintain('vacuum');
    // A server does it by itself in a minute.
    if (service.database.kind === 'postgres') await sql`vacuum (analyze)`.execute(db);
    return { largeId: organizationIds[0] ?? '', smallId: organizationIds[1] ?? '' };
  },
};
export type Lists = typeof handlers;

answerParent(handlers, () => service.stop());
