import { getOverview } from '../../../contract/overview.ts';
import { route } from '../../http/route.ts';
import type { OverviewStore } from './overview.store.ts';

export function overviewRoutes({ overview }: { overview: OverviewStore }) {
  return [route(getOverview, ({ admin }) => overview.get(admin.tenantId))];
}
