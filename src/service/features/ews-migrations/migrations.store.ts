import { createMigrationReports, type MigrationReports } from './migration-reports.store.ts';
import { createMigrationRequests, type MigrationRequests } from './migration-requests.store.ts';
import { createMigrationWork, type MigrationWork, type MigrationWorkDependencies } from './migration-work.store.ts';

/** Migrations from Exchange Web Services: what admins ask for and read, and what workers do. */
export interface MigrationStore extends MigrationRequests, MigrationReports, MigrationWork {}

export function createMigrationStore(dependencies: MigrationWorkDependencies): MigrationStore {
  return {
    ...createMigrationRequests(dependencies),
    ...createMigrationReports(dependencies),
    ...createMigrationWork(dependencies),
  };
}
