import type { ReturnRefusal } from '../domain/ews-migration/ews-access.ts';
import type { MigrantState } from '../domain/ews-migration/migrant-state.ts';
import type { HoldReason, MigrationState, RingName, RingState } from '../domain/ews-migration/migration-state.ts';

// Words of the page Leaving EWS that a report of a migration says too.

export const ringWords = {
  canary: 'Canary',
  second: 'A tenth',
  rest: 'Everybody else',
} satisfies Record<RingName, string>;

export const ringStateWords = {
  planned: 'Planned',
  switching: 'Switching',
  proved: 'Proved',
  held: 'Held',
  accepted: 'Accepted',
  returning: 'Returning',
  returned: 'Returned',
} satisfies Record<RingState, string>;

export const holdWords = {
  failures: 'more mailboxes could not be opened than the limit allows',
  could_not_tell: 'of too many mailboxes nothing could be told',
  not_reached: 'its check did not reach everybody',
  check_failed: 'its check could not finish',
  blocked_by_excess: 'the application holds permissions because of which no check may run',
} satisfies Record<HoldReason, string>;

export const migrationStateWords = {
  running: 'Running',
  paused: 'Paused',
  completed: 'Completed',
  cancelled: 'Cancelled',
} satisfies Record<MigrationState, string>;

export const migrantStateWords = {
  on_ews: 'On EWS',
  switching: 'Switching',
  on_graph: 'On Microsoft Graph',
  failed: 'Failed, still on EWS',
  untold: 'Could not tell, still on EWS',
  returned: 'Returned to EWS',
  gone: 'Left the organization',
} satisfies Record<MigrantState, string>;

export const returnRefusalWords = {
  shut_down: 'Exchange Web Services are shut down.',
  not_read: 'What Exchange allows is not known, or was read more than a day ago.',
  switched_off: 'Exchange Web Services are switched off in this tenant.',
  not_listed: 'The application is not in the allow-list.',
} satisfies Record<ReturnRefusal, string>;
