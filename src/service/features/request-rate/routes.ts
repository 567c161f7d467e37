import { getRequestRate, setRequestRate } from '../../../contract/request-rate.ts';
import { route } from '../../http/route.ts';
import type { RequestRateStore } from './request-rate.store.ts';

export function requestRateRoutes({ rates }: { readonly rates: RequestRateStore }) {
  return [
    route(getRequestRate, ({ admin, query }) => rates.get(admin.tenantId, query.registration)),
    route(setRequestRate, async ({ admin, query, body }) => {
      await rates.setCeiling(admin, body.ceiling);
      return rates.get(admin.tenantId, query.registration);
    }),
  ];
}
