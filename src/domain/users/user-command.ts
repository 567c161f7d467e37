/** What can be done with users, alone or together: the same verbs in the same order everywhere. */
export const userCommands = [
  'check',
  'forceSync',
  'enableSync',
  'disableSync',
  'reset',
  'reinitialize',
  'move',
  'remove',
  'forceRemove',
] as const;
export type UserCommand = (typeof userCommands)[number];

/** What became of a command for one user. */
export const userCommandOutcomes = [
  'done',
  /** It was like that before. */
  'unchanged',
  'not_found',
  /** Not connected over Microsoft Graph. */
  'not_connected',
  /** Its synchronization, or that of its organization, is disabled. */
  'switched_off',
  /** Synchronized less than a minute ago. */
  'too_soon',
  /** Reset of a mailbox that is not initialized. */
  'nothing_to_reset',
  /** Its mailbox is initialized, and the removal was not forced. */
  'kept_initialized',
  /** The organization to move to was deleted meanwhile. */
  'organization_gone',
  /** Its organization does not use Microsoft Graph. */
  'organization_not_graph',
  /** The operator lets no check run while the application holds more than it needs. */
  'blocked_by_excess',
] as const;
export type UserCommandOutcome = (typeof userCommandOutcomes)[number];
