import { getRequestRate, setRequestRate } from '../../../contract/request-rate.ts';
import { route } from '../../http/route.ts';
import type { RequestRateStore } from './request-rate.store.ts';

export function requestRateRoutes({ rates }: { readonly rates: RequestRateStore }) {
  return [
    route(getRequestRate, ({ admin }) => rates.get(admin.tenantId)),
    route(setRequestRate, async ({ admin, body }) => {
      await rates.setCeiling(admin, body.ceiling);
      return rates.get(admin.tenantId);
    }),
  ];
}
