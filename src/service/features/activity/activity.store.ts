import type { Activity, ActivityType } from '../../../contract/activity.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Db } from '../../db/schema.ts';

export interface ActivityStore {
  list(
    tenantId: TenantId,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ activities: Activity[]; nextCursor: string | null }>;
}

export function createActivityStore(db: Db): ActivityStore {
  return {
    async list(tenantId, { limit, cursor }) {
      const before = cursor && /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined;
      const rows = await db
        .selectFrom('activities')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const page = rows.slice(0, limit);
      return {
        activities: page.map((row) => ({
          id: String(row.id),
          at: row.at.toISOString(),
          type: row.type as ActivityType,
          by: row.by_name,
          organizationName: row.organization_name,
          details: row.details,
        })),
        nextCursor: rows.length > limit ? String(page.at(-1)?.id) : null,
      };
    },
  };
}
