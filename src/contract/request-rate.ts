import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { instant } from './ids.ts';
import { ofApplication } from './registration.ts';

/** Microsoft's own limit for one application: 130,000 requests in ten seconds. Nobody may ask for more. */
export const mostRequestsPerSecond = 13_000;

/** How fast an application asks Microsoft Graph in this tenant. */
export const requestRate = z.object({
  /** The admin’s ceiling in requests per second, for each application; null for none. */
  ceiling: z.int().nullable(),
  /** The operator’s ceiling, for every tenant. */
  operatorCeiling: z.number(),
  /** What was found out while working; null before the first check. */
  learnt: z
    .object({
      requestsPerSecond: z.number(),
      /** Whether Microsoft throttled there; otherwise nothing faster was needed. */
      isLimit: z.boolean(),
      learntAt: instant,
    })
    .nullable(),
});
export type RequestRate = z.infer<typeof requestRate>;

export const getRequestRate = endpoint({
  method: 'GET',
  path: '/api/request-rate',
  summary: 'How fast an application asks Microsoft Graph in this tenant',
  query: ofApplication,
  response: requestRate,
  errors: [],
});

export const setRequestRate = endpoint({
  method: 'PATCH',
  path: '/api/request-rate',
  summary: 'Set or remove the ceiling of every application; a run that is going on follows within half a minute',
  query: ofApplication,
  body: z.strictObject({ ceiling: z.int().min(1).max(mostRequestsPerSecond).nullable() }),
  response: requestRate,
  errors: [],
});
