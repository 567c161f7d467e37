import { expect, test } from 'vitest';
import { aCheck, checkIdOf, countsOf, organizationIdOf } from '../../testing/fixtures.ts';
import { comparableChecks } from './comparable-checks.ts';

const ofTenant = { scope: 'tenant', organizationId: null, organizationName: null } as const;
const one = aCheck({ id: checkIdOf(1) });
const two = aCheck({ id: checkIdOf(2), counts: countsOf({ working: 2, blocked: 1 }) });
const other = aCheck({ id: checkIdOf(3), organizationId: organizationIdOf(2) });
const everywhere = aCheck({ id: checkIdOf(4), ...ofTenant });
const stopped = aCheck({ id: checkIdOf(5), state: 'cancelled' });
const empty = aCheck({ id: checkIdOf(6), done: 0, total: 0 });

test.each([
  ['oldest first', [two, one], [one, two]],
  ['of the mailboxes that the newest covers', [two, everywhere, other, one], [one, two]],
  ['of the tenant, when that was last', [everywhere, two, one], [everywhere]],
  ['only what was completed and found somebody', [stopped, empty, two, one], [one, two]],
  ['none', [], []],
])('checks side by side: %s', (_what, checks, comparable) => expect(comparableChecks(checks)).toEqual(comparable));
