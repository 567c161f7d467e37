import type { ActivityType } from '../../../contract/activity.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';

/** A line of the audit log as a report shows it. */
export interface ReportedActivity {
  readonly at: Date;
  readonly type: ActivityType;
  /** Null for the service itself. */
  readonly by: { readonly id: string | null; readonly name: string } | null;
  readonly organizationName: string | null;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface ReportActivities {
  /** What was done in the tenant, oldest first; `leftOut` counts what came after the first thousand. */
  between(tenantId: TenantId, start: Date, end: Date): Promise<{ lines: ReportedActivity[]; leftOut: number }>;
}

const mostLines = 1_000;

export function createReportActivities(db: Db): ReportActivities {
  return {
    async between(tenantId, start, end) {
      const during = db
        .selectFrom('activities')
        .where('tenant_id', '=', tenantId)
        .where('at', '>=', start)
        .where('at', '<=', end);
      const rows = await during.selectAll().orderBy('id').limit(mostLines).execute();
      const { count } = await during.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
      return {
        lines: rows.map((row) => ({
          at: row.at,
          type: row.type as ActivityType,
          by: row.by_name === null ? null : { id: row.by_user_id, name: row.by_name },
          organizationName: row.organization_name,
          details: row.details,
        })),
        leftOut: Math.max(0, count - rows.length),
      };
    },
  };
}
