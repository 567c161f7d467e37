import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { checkId } from './ids.ts';

export const downloadCheckReport = endpoint({
  method: 'GET',
  path: '/api/reports/connectivity-checks/:checkId',
  summary: 'What a check found, and what it rests on, as one page to print',
  params: z.strictObject({ checkId }),
  download: 'text/html',
  errors: ['check.not_found'],
});
