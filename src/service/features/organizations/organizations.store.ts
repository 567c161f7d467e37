import type { Selectable } from 'kysely';
import type { Organization } from '../../../contract/organizations.ts';
import type { AppId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import { capabilities as allCapabilities, type Capability } from '../../../domain/mailbox-access/capability.ts';
import type { MailboxState, OrganizationConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import { accessCountsOf } from '../../db/access-counts.ts';
import { isUniqueViolation } from '../../db/constraint.ts';
import { forgetVerdicts } from '../../db/forget-verdicts.ts';
import type { OrganizationsTable } from '../../db/schema/organizations.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { reschedule } from '../../db/sync-schedule.ts';
import { inTransaction } from '../../db/transaction.ts';
import { convert } from './conversion.store.ts';
import { createDeletions, type OrganizationDeletions } from './deletions.store.ts';

export type StoredOrganization = Selectable<OrganizationsTable>;

export interface OrganizationStore extends OrganizationDeletions {
  /** Makes the default organization of a tenant; does nothing when it exists. */
  ensureDefault(tenantId: TenantId): Promise<void>;
  find(tenantId: TenantId, id: OrganizationId): Promise<StoredOrganization | undefined>;
  /** All, the default one first, then by name; or the one with `id`. */
  list(tenantId: TenantId, id?: OrganizationId): Promise<Organization[]>;
  create(
    admin: Admin,
    values: {
      name: string;
      externalId: string;
      connectionType: OrganizationConnectionType;
      registration?: RegistrationName | null;
    },
  ): Promise<OrganizationId>;
  update(
    admin: Admin,
    organization: StoredOrganization,
    changes: {
      name?: string | undefined;
      syncEnabled?: boolean | undefined;
      syncIntervalMinutes?: number | undefined;
      capabilities?: readonly Capability[] | undefined;
      /** Null for the service's own one. */
      registration?: RegistrationName | null | undefined;
    },
  ): Promise<void>;
  /** Makes a recorded origin an organization on Microsoft Graph; does nothing when it is one. */
  convert(admin: Admin, organization: StoredOrganization): Promise<void>;
}

export interface OrganizationDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  /** Told in the transaction in which the features of a tenant's organizations change. */
  readonly onNeedsChanged: (tx: Tx, tenantId: TenantId) => Promise<void>;
  /** Told in the transaction in which an organization gets another application, before its needs are judged. */
  readonly onApplicationChanged: (tx: Tx, tenantId: TenantId, id: OrganizationId) => Promise<void>;
  readonly applications: {
    find(tenantId: TenantId, registration: RegistrationName): { readonly appId: AppId } | undefined;
  };
}

const defaultCapabilities: Capability[] = ['mail', 'calendar', 'contacts'];

export function createOrganizationStore(dependencies: OrganizationDependencies): OrganizationStore {
  const { db, clock, recordActivity, onNeedsChanged, applications } = dependencies;
  function toContract(...[row, ...counts]: Parameters<typeof describe>): Organization {
    const clientId = applications.find(row.tenant_id, row.registration)?.appId ?? null;
    const described = describe(row, ...counts);
    // What was verified once cannot be verified any more.
    return { ...described, clientId, ...(clientId === null ? { consentState: 'unknown' } : {}) };
  }
  const knownTenants = new Set<TenantId>();

  function configured(tenantId: TenantId, wanted: RegistrationName | null): RegistrationName {
    const registration = wanted ?? ownRegistration;
    if (applications.find(tenantId, registration)) return registration;
    throw new AppError('registration.not_configured', { details: { registration } });
  }

  return {
    ...createDeletions(dependencies),
    convert: (admin, organization) => convert(dependencies, admin, organization),

    async ensureDefault(tenantId) {
      if (knownTenants.has(tenantId)) return;
      await inTransaction(db, async (tx) => {
        const now = clock.now();
        const created = await tx
          .insertInto('organizations')
          .values({
            tenant_id: tenantId,
            id: crypto.randomUUID() as OrganizationId,
            name: 'Default organization',
            external_id: 'default',
            // A recorded origin: users who are connected over Exchange Web Services until they are moved and checked.
            connection_type: 'ews_impersonation',
            is_default: true,
            capabilities: defaultCapabilities,
            last_check_at: null,
            created_at: now,
            updated_at: now,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning(['id', 'name'])
          .executeTakeFirst();
        if (created) await recordActivity(tx, { tenantId, type: 'organization.created', organization: created });
      });
      knownTenants.add(tenantId);
    },

    find(tenantId, id) {
      return db
        .selectFrom('organizations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
    },

    async list(tenantId, id) {
      const rows = await db
        .selectFrom('organizations as o')
        .leftJoin('consents as c', (join) =>
          join.onRef('c.tenant_id', '=', 'o.tenant_id').onRef('c.organization_id', '=', 'o.id'),
        )
        .selectAll('o')
        .select('c.state as consent_state')
        .where('o.tenant_id', '=', tenantId)
        .$if(id !== undefined, (query) => query.where('o.id', '=', id as OrganizationId))
        .orderBy('o.is_default', 'desc')
        .orderBy((eb) => eb.fn('lower', ['o.name']))
        .orderBy('o.id')
        .execute();
      const [verdicts, states] = await Promise.all([
        db
          .selectFrom('access_tallies')
          .select(['organization_id', 'status', (eb) => eb.fn.sum<number>('count').as('count')])
          .where('tenant_id', '=', tenantId)
          .$if(id !== undefined, (query) => query.where('organization_id', '=', id as OrganizationId))
          .groupBy(['organization_id', 'status'])
          .execute(),
        db
          .selectFrom('state_tallies')
          .select(['organization_id', 'mailbox_state', (eb) => eb.fn.sum<number>('count').as('count')])
          .where('tenant_id', '=', tenantId)
          .$if(id !== undefined, (query) => query.where('organization_id', '=', id as OrganizationId))
          .groupBy(['organization_id', 'mailbox_state'])
          .execute(),
      ]);
      const verdictsOf = Map.groupBy(verdicts, (row) => row.organization_id);
      const statesOf = Map.groupBy(states, (row) => row.organization_id);
      return rows.map((row) => toContract(row, verdictsOf.get(row.id) ?? [], statesOf.get(row.id) ?? []));
    },

    async create(admin, { name, externalId, connectionType, registration: wanted = null }) {
      const registration = configured(admin.tenantId, wanted);
      const id = crypto.randomUUID() as OrganizationId;
      const now = clock.now();
      try {
        await inTransaction(db, async (tx) => {
          await tx
            .insertInto('organizations')
            .values({
              tenant_id: admin.tenantId,
              id,
              name,
              external_id: externalId,
              connection_type: connectionType,
              registration,
              is_default: false,
              capabilities: defaultCapabilities,
              last_check_at: null,
              created_at: now,
              updated_at: now,
            })
            .execute();
          await recordActivity(tx, {
            tenantId: admin.tenantId,
            type: 'organization.created',
            by: admin,
            organization: { id, name },
            details: { externalId, connectionType, ...(wanted ? { registration: wanted } : {}) },
          });
        });
      } catch (error) {
        if (isUniqueViolation(error, 'organizations_external_id')) {
          throw new AppError('organization.external_id_taken', { details: { externalId } });
        }
        throw error;
      }
      return id;
    },

    async update(admin, organization, { name, syncEnabled, syncIntervalMinutes, capabilities, registration }) {
      // In the order of the product, each once, so that the same choice is the same record.
      const chosen = capabilities ? allCapabilities.filter((one) => capabilities.includes(one)) : undefined;
      const isChosenAnew = chosen !== undefined && chosen.join() !== organization.capabilities.join();
      const changes = {
        ...(name === undefined || name === organization.name ? {} : { name }),
        ...(syncEnabled === undefined || syncEnabled === organization.sync_enabled
          ? {}
          : { sync_enabled: syncEnabled }),
        ...(syncIntervalMinutes === undefined || syncIntervalMinutes === organization.sync_interval_minutes
          ? {}
          : { sync_interval_minutes: syncIntervalMinutes }),
        ...(isChosenAnew ? { capabilities: chosen } : {}),
        ...(registration === undefined || (registration ?? ownRegistration) === organization.registration
          ? {}
          : { registration: configured(admin.tenantId, registration), last_check_at: null }),
      };
      if (Object.keys(changes).length === 0) return;
      await inTransaction(db, async (tx) => {
        await tx
          .updateTable('organizations')
          .set({ ...changes, updated_at: clock.now() })
          .where('tenant_id', '=', admin.tenantId)
          .where('id', '=', organization.id)
          .execute();
        if (changes.registration !== undefined) {
          await dependencies.onApplicationChanged(tx, admin.tenantId, organization.id);
          await forgetVerdicts(tx, admin.tenantId, organization.id);
        }
        if (isChosenAnew || changes.registration !== undefined) await onNeedsChanged(tx, admin.tenantId);
        if (changes.sync_enabled !== undefined || changes.sync_interval_minutes !== undefined) {
          await reschedule(tx, admin.tenantId, { organizationId: organization.id }, clock.now());
        }
        await recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'organization.updated',
          by: admin,
          organization: { id: organization.id, name: name ?? organization.name },
          details: {
            ...(changes.name ? { name: changes.name, formerName: organization.name } : {}),
            ...(changes.sync_enabled === undefined ? {} : { syncEnabled: changes.sync_enabled }),
            ...(changes.sync_interval_minutes === undefined
              ? {}
              : { syncIntervalMinutes: changes.sync_interval_minutes }),
            ...(changes.registration === undefined
              ? {}
              : { registration: changes.registration, formerRegistration: organization.registration }),
            ...(changes.capabilities ? changeOf(organization.capabilities, changes.capabilities) : {}),
          },
        });
      });
    },
  };
}

/** Which features a change switches, by name. */
function changeOf(before: readonly Capability[], after: readonly Capability[]): Record<string, string> {
  const on = after.filter((one) => !before.includes(one)).join(' ');
  const off = before.filter((one) => !after.includes(one)).join(' ');
  return { ...(on ? { switchedOn: on } : {}), ...(off ? { switchedOff: off } : {}) };
}

function describe(
  row: StoredOrganization & { consent_state: Organization['consentState'] | null },
  verdicts: Parameters<typeof accessCountsOf>[0],
  states: readonly { mailbox_state: MailboxState; count: number }[],
): Omit<Organization, 'clientId'> {
  const mailboxCounts = mailboxCountsOf(states);
  return {
    id: row.id,
    name: row.name,
    externalId: row.external_id,
    connectionType: row.connection_type,
    isDefault: row.is_default,
    syncEnabled: row.sync_enabled,
    syncIntervalMinutes: row.sync_interval_minutes,
    capabilities: row.capabilities,
    registration: row.registration || null,
    userCount: verdicts.reduce((total, { count }) => total + count, 0),
    initializedCount: mailboxCounts.initialized,
    mailboxCounts,
    accessCounts: accessCountsOf(verdicts),
    consentState: row.consent_state ?? 'not_requested',
    lastCheckAt: row.last_check_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function mailboxCountsOf(
  states: readonly { mailbox_state: MailboxState; count: number }[],
): Organization['mailboxCounts'] {
  const counts = { not_initialized: 0, switching: 0, initialized: 0, disabled_due_to_error: 0 };
  for (const { mailbox_state: state, count } of states) counts[state] += count;
  return counts;
}
