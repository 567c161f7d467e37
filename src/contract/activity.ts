import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { instant } from './ids.ts';

export const activityTypes = [
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'organization.converted',
  'users.added',
  'users.moved',
  'users.removed',
  'users.exported',
  'assignment.rule_created',
  'assignment.rule_changed',
  'assignment.rule_deleted',
  'assignment.users_added',
  'assignment.users_moved',
  'users.command_started',
  'users.command_cancelled',
  'users.command_ended',
  'consent.started',
  'consent.redeemed',
  'consent.callback_rejected',
  'consent.roles_changed',
  'consent.verified',
  'check.started',
  'check.paused',
  'check.resumed',
  'check.cancelled',
  'check.ended',
  'check.reported',
  'migration.started',
  'migration.paused',
  'migration.resumed',
  'migration.cancelled',
  'migration.completed',
  'migration.ring_started',
  'migration.ring_proved',
  'migration.ring_held',
  'migration.ring_accepted',
  'migration.ring_returning',
  'migration.ring_returned',
  'migration.ews_read',
  'migration.reported',
  'rate.ceiling_changed',
  'sync.forced',
  'scope.proof_started',
  'scope.leak_found',
  'drift.found',
  'drift.dismissed',
  'scope.change_planned',
  'scope.step_done',
  'scope.change_done',
  'scope.change_given_up',
  'sync.enabled',
  'sync.disabled',
  'sync.reset',
  'sync.reinitialized',
  'sync.disabled_due_to_error',
] as const;
export type ActivityType = (typeof activityTypes)[number];

export const activity = z.object({
  id: z.string(),
  at: instant,
  type: z.enum(activityTypes),
  /** Who did it; null for the service itself. */
  by: z.string().nullable(),
  organizationName: z.string().nullable(),
  /** Names and counts that the tab puts into its sentence. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Activity = z.infer<typeof activity>;

export const listActivity = endpoint({
  method: 'GET',
  path: '/api/activity',
  summary: 'Who changed what, newest first',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(200).optional(),
  }),
  response: z.object({ activities: z.array(activity), nextCursor: z.string().nullable() }),
  errors: [],
});
