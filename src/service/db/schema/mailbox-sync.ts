import type { Generated } from 'kysely';
import type { SyncSessionId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { SyncErrorCategory, SyncReason, SyncResource } from '../../../domain/mailbox-sync/sync-reason.ts';

export interface SyncSessionsTable {
  tenant_id: TenantId;
  id: SyncSessionId;
  user_id: UserId;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'postponed';
  started_by: Generated<'schedule' | 'admin'>;
  requested_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  changes: Generated<number>;
  reason: SyncReason | null;
  /** The round of the tenant that reads it; null for a session of its own. */
  round: Generated<number | null>;
  /** How often a worker took it; a writer with an older number is refused. */
  claims: Generated<number>;
  /** Sync errors that it met. */
  issues: Generated<number>;
  category: Generated<SyncErrorCategory | null>;
  error_capability: Generated<Capability | null>;
  error_resource: Generated<SyncResource | null>;
  /** What was read from scratch because Microsoft had forgotten the delta link. */
  restarted: Generated<SyncResource[]>;
  /** When the mailbox is tried again, after a session that did not end well. */
  retry_at: Generated<Date | null>;
}

/**
 * When a mailbox is read next, and what its sessions left. Every user has one; the database adds and keeps it. Narrow on
 * purpose: every session rewrites its row.
 */
export interface MailboxSyncsTable {
  tenant_id: TenantId;
  user_id: UserId;
  /** From 0 to 1: where in the interval its turn is. */
  phase: number;
  /** Null while it is not synchronized: switched off, disabled due to an error, or not connected. */
  next_sync_at: Date | null;
  /** Failed tries since the last success. */
  tries: Generated<number>;
  /** The end of the last session that read it. */
  last_sync_at: Generated<Date | null>;
  /** Sync errors that are open; the database keeps the number. */
  open_issues: Generated<number>;
  /** That of the user: lists are sorted by these and by name. The database keeps it in step. */
  sort_name: string;
}

/** The work on a tenant's mailboxes that are due. */
export interface SyncRoundsTable {
  tenant_id: TenantId;
  /** Counts the workers that took it; what an older one has begun is taken over. */
  fence: Generated<number>;
  /** Whether a job for it waits or runs. */
  is_open: boolean;
  touched_at: Date;
}

export interface SyncCursorsTable {
  tenant_id: TenantId;
  user_id: UserId;
  /** Which delta query, such as `inbox` or `contact_folder:…`. */
  resource: string;
  /** Stored whole and used as it is. */
  delta_link: string;
  /** The part of the calendar that the link belongs to. */
  window_start_at: Generated<Date | null>;
  window_end_at: Generated<Date | null>;
  updated_at: Date;
}

export type SyncErrorKind = 'connection_switching' | 'connection_kept' | SyncErrorCategory;

export interface SyncErrorsTable {
  tenant_id: TenantId;
  id: Generated<number>;
  user_id: UserId;
  kind: SyncErrorKind;
  /** Empty where the kind says all. */
  reason: Generated<SyncReason | ''>;
  capability: Generated<Capability | null>;
  resource: Generated<SyncResource | null>;
  title: string;
  detail: string;
  first_seen_at: Date;
  last_seen_at: Date;
  count: Generated<number>;
  resolved_at: Date | null;
}

export interface MailboxSyncSchema {
  sync_sessions: SyncSessionsTable;
  mailbox_syncs: MailboxSyncsTable;
  sync_rounds: SyncRoundsTable;
  sync_cursors: SyncCursorsTable;
  sync_errors: SyncErrorsTable;
}
