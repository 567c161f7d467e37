import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { checkId, ewsMigrationId } from './ids.ts';

export const downloadCheckReport = endpoint({
  method: 'GET',
  path: '/api/reports/connectivity-checks/:checkId',
  summary: 'What a check found, and what it rests on, as one page to print',
  params: z.strictObject({ checkId }),
  download: 'text/html',
  errors: ['check.not_found'],
});

export const downloadMigrationReport = endpoint({
  method: 'GET',
  path: '/api/reports/ews-migrations/:migrationId',
  summary: 'Where everybody of a migration is, and what that rests on, as one page to print',
  params: z.strictObject({ migrationId: ewsMigrationId }),
  download: 'text/html',
  errors: ['migration.not_found'],
});
