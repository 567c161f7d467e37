import { listActivity } from '../../../contract/activity.ts';
import { route } from '../../http/route.ts';
import type { ActivityStore } from './activity.store.ts';

export function activityRoutes({ activities }: { activities: ActivityStore }) {
  return [route(listActivity, ({ admin, query }) => activities.list(admin.tenantId, query))];
}
