import type { OrganizationId, TenantId, UserId } from '../domain/ids.ts';
import type { UserCommandOutcome } from '../domain/users/user-command.ts';
import type { Tx } from './db/schema.ts';

/** For whom and when a part of a command over users is carried out. */
export interface UserBatch {
  readonly tenantId: TenantId;
  readonly by: { readonly userId: UserId; readonly displayName: string };
  readonly now: Date;
  /** Whether an admin chose each of the users, and not a filter. */
  readonly isNamed: boolean;
  /** Where to, of a move. */
  readonly targetId: OrganizationId | undefined;
  /** Organizations in which the operator lets no check run. */
  readonly blocked: ReadonlySet<OrganizationId>;
}

export interface UserOutcome {
  readonly userId: UserId;
  readonly outcome: UserCommandOutcome;
}

/**
 * Carries out a command for some users in the transaction that stores what became of each. Statements over all of them,
 * never one per user; no activity, because the run has one of its own.
 */
export type CarryOutBatch = (tx: Tx, batch: UserBatch, userIds: readonly UserId[]) => Promise<readonly UserOutcome[]>;
