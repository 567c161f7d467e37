import type { ActivityType } from '../contract/activity.ts';
import type { OrganizationId, TenantId, UserId } from '../domain/ids.ts';
import type { Clock } from './clock.ts';
import type { Tx } from './db/schema.ts';

export interface NewActivity {
  readonly tenantId: TenantId;
  readonly type: ActivityType;
  /** Absent: the service itself. */
  readonly by?: { readonly userId: UserId; readonly displayName: string };
  readonly organization?: { readonly id: OrganizationId; readonly name: string };
  /** The one user it concerns, if it is one. */
  readonly userId?: UserId;
  /** Names and counts; never tokens, mail or whole requests. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** Writes exactly one audit row in the transaction of the change it tells about. */
export type RecordActivity = (tx: Tx, activity: NewActivity) => Promise<void>;

export function createRecordActivity(clock: Clock): RecordActivity {
  return async (tx, { tenantId, type, by, organization, userId, details }) => {
    await tx
      .insertInto('activities')
      .values({
        tenant_id: tenantId,
        at: clock.now(),
        type,
        by_user_id: by?.userId ?? null,
        by_name: by?.displayName ?? null,
        organization_id: organization?.id ?? null,
        organization_name: organization?.name ?? null,
        user_id: userId ?? null,
        details: JSON.stringify(details ?? {}),
      })
      .execute();
  };
}
