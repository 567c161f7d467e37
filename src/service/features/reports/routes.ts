import { downloadCheckReport } from '../../../contract/reports.ts';
import { AppError } from '../../app-error.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { downloadRoute } from '../../http/route.ts';
import { type EvidenceSources, gatherEvidence } from './check-evidence.ts';
import { checkReport } from './check-report.ts';
import { createReportActivities } from './report-activities.store.ts';
import { reportPage } from './report-page.ts';

interface Dependencies extends Omit<EvidenceSources, 'activities'> {
  readonly db: Db;
  readonly recordActivity: RecordActivity;
}

export function reportRoutes({ db, recordActivity, ...sources }: Dependencies) {
  const activities = createReportActivities(db);
  return [
    downloadRoute(downloadCheckReport, async ({ admin, params }) => {
      const evidence = await gatherEvidence({ ...sources, activities }, admin, params.checkId);
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
      const time = madeAt.toISOString().replace(/[-:]|\.\d+/g, '');
      return {
        // Names that somebody chose stay inside the page.
        baseName: `check-report_${check.id.slice(0, 8)}_${check.state}_${time}`,
        body: new Blob([reportPage(checkReport(evidence))]).stream(),
      };
    }),
  ];
}
