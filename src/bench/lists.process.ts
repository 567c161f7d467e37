import { sql } from 'kysely';
import { foldText } from '../domain/fold-text.ts';
import type { OrganizationId, TenantId } from '../domain/ids.ts';
import type { ReasonCode } from '../domain/mailbox-access/reason.ts';
import { type AccessStatus, accessStatuses } from '../domain/mailbox-access/verdict.ts';
import { readConfig } from '../service/config.ts';
import { createLogger } from '../service/log.ts';
import { createService } from '../service/service.ts';
import { answerParent } from './child.ts';
import type { Seeded } from './list-cases.ts';
import { firstNames, lastNames } from './list-names.ts';

// The service on either database, with a whole company in it that nobody imported.

const result = readConfig(process.env);
if (!result.ok) throw new Error(result.faults.join('\n'));
const { config } = result;
const service = await createService(config, { logger: createLogger('error') });
const started = await service.start();
const tenantId: TenantId = config.tenantIds[0];
const { db } = service.database;

const rowsAtOnce = 5_000;
/** Of a hundred users: in the large organization, the rest in nine others. */
const shareOfLarge = 60;

/** Verdicts as a company has them: nearly all working, each of the others rare. */
const verdicts: readonly { readonly status: AccessStatus; readonly reason: ReasonCode | null }[] = [
  ...Array(930).fill({ status: 'working', reason: 'connected' }),
  ...Array(40).fill({ status: 'blocked', reason: 'mailbox.none' }),
  ...Array(15).fill({ status: 'could_not_tell', reason: 'microsoft.throttled' }),
  ...Array(10).fill({ status: 'not_checked', reason: null }),
  ...Array(4).fill({ status: 'limited', reason: 'consent.permission_missing' }),
  { status: 'exposed', reason: 'access.open_outside_scope' },
];

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
      const people = Array.from({ length: Math.min(rowsAtOnce, users - start) }, (_, index) =>
        personOf(start + index, organizationIds),
      );
      const column = <T>(of: (person: ReturnType<typeof personOf>) => T) => people.map(of);
      await sql`
        insert into users (tenant_id, id, organization_id, organization_since, display_name, user_principal_name, mail,
          search, sort_name, connection_type, created_at)
        select ${tenantId}, p.id, p.organization_id, now(), p.name, p.upn, p.upn, p.search, p.sort_name, 'graph_app_only', now()
        from unnest(${column(({ id }) => id)}::uuid[], ${column((one) => one.organizationId)}::uuid[],
          ${column(({ name }) => name)}::text[], ${column(({ address }) => address)}::text[],
          ${column(({ search }) => search)}::text[], ${column(({ sortName }) => sortName)}::text[])
          as p (id, organization_id, name, upn, search, sort_name)
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

function personOf(index: number, organizationIds: readonly OrganizationId[]) {
  const first = firstNames[index % firstNames.length] ?? '';
  const last = lastNames[Math.floor(index / firstNames.length) % lastNames.length] ?? '';
  const name = `${first} ${last} ${index}`;
  const address = `${foldText(`${first}.${last}`)}.${index}@contoso.example`;
  // Two numbers without a common divisor, so that organizations and verdicts are not the same people.
  const isInLarge = (index * 37) % 100 < shareOfLarge;
  return {
    id: crypto.randomUUID(),
    organizationId: organizationIds[isInLarge ? 0 : 1 + (index % 9)],
    name,
    address,
    search: foldText(`${name} ${address} ${address}`),
    sortName: foldText(name),
    verdict: verdicts[(index * 389) % verdicts.length] ?? { status: 'not_checked' as const, reason: null },
  };
}

answerParent(handlers, () => service.stop());
