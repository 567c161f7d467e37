import { z } from 'zod';
import { ewsMigrationId, tenantId } from '../../../contract/ids.ts';
import { defineJob, HandedBack, type JobRun } from '../../queue/job.ts';
import { advanceJobName } from './migration-requests.store.ts';
import type { MigrationWork } from './migration-work.store.ts';

export const advanceMigration = defineJob({
  name: advanceJobName,
  payload: z.strictObject({ tenantId, migrationId: ewsMigrationId }),

  // May run twice, and may die anywhere: each piece is one transaction, and what is next is read from the database.
  async run(payload, { migrations, signal }: { readonly migrations: MigrationWork } & JobRun) {
    while (await migrations.advance(payload.tenantId, payload.migrationId)) {
      if (signal.aborted) throw new HandedBack();
    }
  },
});
