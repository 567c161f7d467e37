import type { SyncSessionId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { CalendarWindow } from '../../../domain/mailbox-sync/calendar-window.ts';
import type { SyncReason, SyncResource } from '../../../domain/mailbox-sync/sync-reason.ts';
import type { RegistrationName } from '../../../domain/registration.ts';

/** How far a resource was read. */
export interface Cursor {
  readonly deltaLink: string;
  /** The part of the calendar that the link belongs to; null for everything else. */
  readonly window: CalendarWindow | null;
}

/** A session that this worker owns until somebody else claims it. */
export interface ClaimedSession {
  readonly tenantId: TenantId;
  readonly id: SyncSessionId;
  readonly userId: UserId;
  /** How often it was claimed; a writer with an older number is refused. */
  readonly claims: number;
  /** The application that reaches the mailbox. */
  readonly registration: RegistrationName;
  readonly capabilities: readonly Capability[];
  /** Where the session before has stopped, by resource: `inbox`, `contact_folder:…`. */
  readonly cursors: ReadonlyMap<string, Cursor>;
  /** Whether a session has read the mailbox before. */
  readonly wasOpen: boolean;
}

/** Something that an admin should know, with where it was met. */
export interface SyncProblem {
  readonly reason: SyncReason;
  readonly capability: Capability | null;
  readonly resource: SyncResource;
}

export type SessionOutcome =
  | {
      readonly kind: 'read';
      readonly changes: number;
      readonly cursors: ReadonlyMap<string, Cursor>;
      /** Resources that are not read any more. */
      readonly forgotten: readonly string[];
      /** Read from scratch, because Graph had forgotten the delta link. */
      readonly restarted: readonly SyncResource[];
      /** What did not keep the rest from being read. */
      readonly problems: readonly SyncProblem[];
    }
  | {
      readonly kind: 'failed';
      readonly problem: SyncProblem;
      /** What was read before, and is not read again. */
      readonly changes?: number;
      readonly cursors?: ReadonlyMap<string, Cursor>;
      /** How long Microsoft asked to wait. */
      readonly retryAfterSeconds?: number | undefined;
    };

export interface EndedSession {
  readonly session: ClaimedSession;
  readonly outcome: SessionOutcome;
}

/** A fault of ours that met this mailbox. */
export const serviceFault: SessionOutcome = {
  kind: 'failed',
  problem: { reason: 'sync.service_fault', capability: null, resource: 'service' },
};
