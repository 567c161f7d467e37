import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { compareSteps } from './migration-checksums.ts';
import * as firstLight from './migrations/0001-first-light.ts';
import * as consentChanges from './migrations/0002-consent-changes.ts';
import * as mailboxScope from './migrations/0003-mailbox-scope.ts';
import * as consentRoles from './migrations/0004-consent-roles.ts';
import * as syncSchedule from './migrations/0005-sync-schedule.ts';
import * as checkRuns from './migrations/0006-check-runs.ts';
import * as tenantRates from './migrations/0007-tenant-rates.ts';
import * as userLists from './migrations/0008-user-lists.ts';
import * as requestCeilings from './migrations/0009-request-ceilings.ts';
import * as userCommands from './migrations/0010-user-commands.ts';
import * as userViews from './migrations/0011-user-views.ts';
import * as provisionings from './migrations/0012-provisionings.ts';
import * as ewsMigrations from './migrations/0013-ews-migrations.ts';
import * as assignmentRules from './migrations/0014-assignment-rules.ts';
import * as migrationChecksums from './migrations/0015-migration-checksums.ts';
import * as registrations from './migrations/0016-registrations.ts';
import * as lists from './migrations/0017-lists.ts';
import * as shortSearches from './migrations/0018-short-searches.ts';
import * as rescheduledMailboxes from './migrations/0019-rescheduled-mailboxes.ts';
import * as listOrders from './migrations/0020-list-orders.ts';
import * as singleLetters from './migrations/0021-single-letters.ts';
import * as resultsWithoutLookups from './migrations/0022-results-without-lookups.ts';
import * as saveCheckResults from './migrations/0023-save-check-results.ts';
import * as verdictsThatNeedALook from './migrations/0024-verdicts-that-need-a-look.ts';
import * as usersAsJson from './migrations/0025-users-as-json.ts';
import * as plansOfTheirTime from './migrations/0026-plans-of-their-time.ts';
import * as resultsBesideVerdicts from './migrations/0027-results-beside-verdicts.ts';
import * as usersByAKeptPlan from './migrations/0028-users-by-a-kept-plan.ts';
import type { Db } from './schema.ts';

/** All steps in order. A step that was released never changes; a correction is a new step. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-light': firstLight,
  '0002-consent-changes': consentChanges,
  '0003-mailbox-scope': mailboxScope,
  '0004-consent-roles': consentRoles,
  '0005-sync-schedule': syncSchedule,
  '0006-check-runs': checkRuns,
  '0007-tenant-rates': tenantRates,
  '0008-user-lists': userLists,
  '0009-request-ceilings': requestCeilings,
  '0010-user-commands': userCommands,
  '0011-user-views': userViews,
  '0012-provisionings': provisionings,
  '0013-ews-migrations': ewsMigrations,
  '0014-assignment-rules': assignmentRules,
  '0015-migration-checksums': migrationChecksums,
  '0016-registrations': registrations,
  '0017-lists': lists,
  '0018-short-searches': shortSearches,
  '0019-rescheduled-mailboxes': rescheduledMailboxes,
  '0020-list-orders': listOrders,
  '0021-single-letters': singleLetters,
  '0022-results-without-lookups': resultsWithoutLookups,
  '0023-save-check-results': saveCheckResults,
  '0024-verdicts-that-need-a-look': verdictsThatNeedALook,
  '0025-users-as-json': usersAsJson,
  '0026-plans-of-their-time': plansOfTheirTime,
  '0027-results-beside-verdicts': resultsBesideVerdicts,
  '0028-users-by-a-kept-plan': usersByAKeptPlan,
};

/** The database was migrated by a newer release of this service. */
export class NewerSchema extends Error {}

/**
 * Brings the database to this release's schema. Several processes may call it at once: the first one works, the others
 * wait. Each step is a transaction of its own.
 * @throws NewerSchema when the database knows steps that this release does not; ChangedStep when it knows another one
 */
export async function migrateToLatest(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (!error) return compareSteps(db, migrations);
  const applied = await appliedSteps(db);
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length > 0) throw new NewerSchema(`the database was migrated by a newer release (${unknown.join(', ')})`);
  throw error;
}

async function appliedSteps(db: Db): Promise<string[]> {
  const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
    .catch(() => []);
  return rows.map((row) => row.name);
}
