import { downloadCheckReport, downloadMigrationReport } from '../../../contract/reports.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { downloadRoute } from '../../http/route.ts';
import { type EvidenceSources, gatherEvidence } from './check-evidence.ts';
import { checkReport } from './check-report.ts';
import type { Html } from './html.ts';
import { gatherMigrationEvidence, type MigrationEvidenceSources } from './migration-evidence.ts';
import { migrationReport } from './migration-report.ts';
import { createReportActivities } from './report-activities.store.ts';
import { reportPage } from './report-page.ts';

interface Dependencies extends Omit<EvidenceSources & MigrationEvidenceSources, 'activities'> {
  readonly db: Db;
  readonly recordActivity: RecordActivity;
}

export function reportRoutes({ db, recordActivity, ...others }: Dependencies) {
  const sources = { ...others, activities: createReportActivities(db) };
  return [
    downloadRoute(downloadCheckReport, async ({ admin, params }) => {
      const evidence = await gatherEvidence(sources, admin, params.checkId);
      if (!evidence) throw new AppError('check.not_found');
      const { check, madeAt } = evidence;
      const { organizationId: id, organizationName: name } = check;
      await inTransaction(db, (tx) =>
        recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'check.reported',
          by: admin,
          ...(id && name ? { organization: { id, name } } : {}),
          details: { checkId: check.id },
        }),
      );
      return fileOf('check-report', check, madeAt, checkReport(evidence));
    }),

    downloadRoute(downloadMigrationReport, async ({ admin, params }) => {
      const evidence = await gatherMigrationEvidence(sources, admin, params.migrationId);
      if (!evidence) throw new AppError('migration.not_found');
      const { migration, madeAt } = evidence;
      await inTransaction(db, (tx) =>
        recordActivity(tx, {
          tenantId: admin.tenantId,
          type: 'migration.reported',
          by: admin,
          organization: { id: migration.organizationId, name: migration.organizationName },
          details: { migrationId: migration.id },
        }),
      );
      return fileOf('migration-report', migration, madeAt, migrationReport(evidence));
    }),
  ];
}

function fileOf(
  name: string,
  { id, state }: { readonly id: string; readonly state: string },
  madeAt: Date,
  body: Html,
) {
  const time = madeAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    // Names that somebody chose stay inside the page.
    baseName: `${name}_${id.slice(0, 8)}_${state}_${time}`,
    body: new Blob([reportPage(body)]).stream(),
  };
}
