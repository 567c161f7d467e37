import { sql } from 'kysely';
import type { OrganizationId, TenantId } from '../domain/ids.ts';
import { ownRegistration } from '../domain/registration.ts';
import { readConfig } from '../service/config.ts';
import { createTenantRates } from '../service/db/tenant-rates.ts';
import { inBulkTransaction } from '../service/db/transaction.ts';
import type { LearntRate } from '../service/graph/pacer.ts';
import { createLogger } from '../service/log.ts';
import { createService } from '../service/service.ts';
import { setV8Flags } from '../service/v8-flags.ts';
import { answerParent } from './child.ts';
import { startUsage } from './usage.ts';

// The whole service with its embedded database, as `npm run serve` runs it.

setV8Flags();
const result = readConfig(process.env);
if (!result.ok) throw new Error(result.faults.join('\n'));
const { config } = result;
const service = await createService(config, { logger: createLogger('error') });
const started = await service.start();
const [tenantId, warmUpTenantId] = config.tenantIds as [TenantId, TenantId];
const { db } = service.database;
const rates = createTenantRates(db);
let endUsage: ReturnType<typeof startUsage> | undefined;

interface NewPerson {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
}

interface NewOrganization {
  readonly people: readonly NewPerson[];
  /** In the tenant whose check is not measured. */
  readonly isWarmUp?: boolean;
}

/** As an import does. */
const rowsAtOnce = 300;

const handlers = {
  port: () => started.port,

  /** An organization that uses mail only, so that a mailbox is one request. */
  async addOrganization({ people, isWarmUp = false }: NewOrganization): Promise<OrganizationId> {
    const tenant = isWarmUp ? warmUpTenantId : tenantId;
    const name = 'Everybody';
    const organizationId = crypto.randomUUID() as OrganizationId;
    await sql`
      insert into organizations (tenant_id, id, name, external_id, connection_type, is_default, capabilities, created_at,
        updated_at)
      values (${tenant}, ${organizationId}, ${name}, ${name}, 'graph_app_only', false, '{mail}', now(), now())
    `.execute(db);
    for (let start = 0; start < people.length; start += rowsAtOnce) {
      const some = people.slice(start, start + rowsAtOnce);
      const column = (of: (person: NewPerson) => string | null) => some.map(of);
      await inBulkTransaction(db, async (tx) => {
        await sql`
          insert into users (tenant_id, id, organization_id, organization_since, display_name, user_principal_name, mail,
            search, sort_name, connection_type, created_at)
          select ${tenant}, p.id, ${organizationId}, now(), p.name, p.upn, p.mail, lower(p.name || ' ' || p.upn),
            lower(p.name), 'graph_app_only', now()
          from unnest(${column(({ id }) => id)}::uuid[], ${column(({ displayName }) => displayName)}::text[],
            ${column((person) => person.userPrincipalName)}::text[], ${column(({ mail }) => mail)}::text[])
            as p (id, name, upn, mail)
        `.execute(tx);
        await sql`
          insert into mailbox_access (tenant_id, user_id, organization_id, sort_name, status_rank)
          select tenant_id, id, organization_id, sort_name, 5 from users
          where tenant_id = ${tenant} and id = any(${column(({ id }) => id)}::uuid[])
        `.execute(tx);
      });
    }
    return organizationId;
  },

  /** What the service does by itself within a minute: the first look still sees somebody write, the second counts. */
  async keepUp() {
    for (let looks = 0; looks < 3; looks++) await service.database.upkeep?.look();
  },

  /** What a run remembered of the tenant's rate. */
  learnt: async () => (await rates.find(tenantId, ownRegistration))?.rate,
  remember: (rate: LearntRate) => rates.save(tenantId, ownRegistration, rate, new Date()),

  /** Counts from now on. */
  startUsage() {
    endUsage = startUsage();
  },
  usage() {
    if (!endUsage) throw new Error('Nothing is counted before startUsage');
    return endUsage();
  },
};
export type Engine = typeof handlers;

answerParent(handlers, () => service.stop());
