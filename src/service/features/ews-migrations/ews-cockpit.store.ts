import type { EwsCockpit } from '../../../contract/ews-migrations.ts';
import { endingConnections, ewsDates, ewsStanding, isListed } from '../../../domain/ews-migration/ews-access.ts';
import type { AppId, TenantId } from '../../../domain/ids.ts';
import type { ConnectionType, OrganizationConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/schema.ts';
import type { EwsReading, EwsReadingStore } from './ews-readings.store.ts';

/** Who is still on Exchange Web Services, and how long the tenant may use them. */
export interface EwsCockpitStore {
  view(tenantId: TenantId): Promise<EwsCockpit>;
  /** How many users' connections end with the shutdown. */
  countOnEws(tenantId: TenantId): Promise<number>;
  /** The application that the list is about: that of the latest migration, or this one. */
  ewsAppOf(tenantId: TenantId): Promise<AppId>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly appId: AppId;
  readonly gateway: EwsCockpit['gateway'];
  readonly readings: EwsReadingStore;
}

export function createEwsCockpit({ db, clock, appId, gateway, readings }: Dependencies): EwsCockpitStore {
  async function countConnections(tenantId: TenantId) {
    return db
      .selectFrom('connection_tallies')
      .select(['organization_id', 'connection_type', (eb) => eb.fn.sum<number>('count').as('count')])
      .where('tenant_id', '=', tenantId)
      .groupBy(['organization_id', 'connection_type'])
      .execute();
  }

  async function ewsAppOf(tenantId: TenantId): Promise<AppId> {
    const latest = await db
      .selectFrom('ews_migrations')
      .select('ews_app_id')
      .where('tenant_id', '=', tenantId)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    return latest?.ews_app_id ?? appId;
  }

  return {
    async view(tenantId) {
      const [organizations, counts, reading, ewsAppId] = await Promise.all([
        db
          .selectFrom('organizations')
          .select(['id', 'name', 'connection_type', 'is_default'])
          .where('tenant_id', '=', tenantId)
          .orderBy('is_default', 'desc')
          .orderBy((eb) => eb.fn('lower', ['name']))
          .orderBy('id')
          .execute(),
        countConnections(tenantId),
        readings.find(tenantId),
        ewsAppOf(tenantId),
      ]);
      const countsOf = Map.groupBy(counts, ({ organization_id }) => organization_id);
      const described = organizations.map(({ id, name, connection_type }) => {
        const own = countsOf.get(id) ?? [];
        return {
          id,
          name,
          connectionType: connection_type as OrganizationConnectionType,
          users: sumOf(own, () => true),
          onEws: sumOf(own, isEnding),
          onPremises: sumOf(own, (connection) => connection === 'ews_on_premises'),
        };
      });
      const onEws = sumOf(counts, isEnding);
      return {
        disablementBegins: ewsDates.disablementBegins,
        shutdown: ewsDates.shutdown,
        users: sumOf(counts, () => true),
        onEws,
        organizations: described,
        reading: reading ? describeReading(reading) : null,
        ewsAppId,
        standing: reading ? ewsStanding(reading.access, ewsAppId, clock.now()) : null,
        isSafeToRemove: onEws === 0 && reading !== undefined && isListed(reading.access.allowedAppIds, ewsAppId),
        gateway,
      };
    },

    ewsAppOf,

    countOnEws: async (tenantId) => sumOf(await countConnections(tenantId), isEnding),
  };
}

const isEnding = (connection: ConnectionType) => (endingConnections as readonly ConnectionType[]).includes(connection);

function sumOf(
  counts: readonly { readonly connection_type: ConnectionType; readonly count: number }[],
  matches: (connection: ConnectionType) => boolean,
): number {
  return counts.reduce((sum, { connection_type, count }) => sum + (matches(connection_type) ? Number(count) : 0), 0);
}

function describeReading({ readAt, source, access }: EwsReading): NonNullable<EwsCockpit['reading']> {
  const { enabled, allowedAppIds, userAgentPolicy, allowedUserAgents, blockedUserAgents } = access;
  return {
    readAt: readAt.toISOString(),
    source,
    enabled,
    allowedAppIds: [...allowedAppIds],
    userAgentPolicy,
    allowedUserAgents: [...allowedUserAgents],
    blockedUserAgents: [...blockedUserAgents],
  };
}
