import { z } from 'zod';
import { runStates } from '../domain/mailbox-connectivity/run-state.ts';
import { userCommandOutcomes, userCommands } from '../domain/users/user-command.ts';
import { endpoint } from './endpoint.ts';
import { commandRunId, instant, organizationId, userId } from './ids.ts';
import { mostNamedUsers } from './mailbox-connectivity.ts';
import { userFilter } from './users.ts';

/** One command over many users: a run that goes on by itself, with a result per user. */
export const userCommandRun = z.object({
  id: commandRunId,
  command: z.enum(userCommands),
  /** The filter that chose the users when the run was recorded; null when they were named one by one. */
  filter: userFilter.nullable(),
  /** Where to, of a move. */
  target: z.object({ organizationId, name: z.string() }).nullable(),
  state: z.enum(runStates),
  total: z.int(),
  done: z.int(),
  /** How many have which result so far, in the order of the outcomes. */
  outcomes: z.array(z.object({ outcome: z.enum(userCommandOutcomes), count: z.int() })),
  /** Whether the result of each user was deleted with time; the counts stay. */
  isForgotten: z.boolean(),
  startedBy: z.object({ userId, displayName: z.string() }),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
});
export type UserCommandRun = z.infer<typeof userCommandRun>;

const oneRun = z.strictObject({ commandRunId });

export const startUserCommand = endpoint({
  method: 'POST',
  path: '/api/user-commands',
  summary: 'Start a command over users; joins the same one that has not ended',
  body: z
    .strictObject({
      command: z.enum(userCommands),
      /** Either: each by its id. */
      userIds: z.array(userId).min(1).max(mostNamedUsers).optional(),
      /** Or: everybody it matches when the run is recorded. */
      filter: userFilter.optional(),
      /** Where to, of a move. */
      organizationId: organizationId.optional(),
    })
    .refine(({ userIds, filter }) => (userIds === undefined) !== (filter === undefined), {
      path: ['userIds'],
      error: 'either userIds or filter',
    })
    .refine((body) => (body.command === 'move') === (body.organizationId !== undefined), {
      path: ['organizationId'],
      error: 'needed with move, and only with it',
    }),
  response: z.object({ run: userCommandRun, joined: z.boolean() }),
  status: 202,
  errors: ['organization.not_found', 'command.nobody'],
});

export const listUserCommands = endpoint({
  method: 'GET',
  path: '/api/user-commands',
  summary: 'The latest commands over users, newest first',
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  response: z.object({ runs: z.array(userCommandRun) }),
  errors: [],
});

export const getUserCommand = endpoint({
  method: 'GET',
  path: '/api/user-commands/:commandRunId',
  summary: 'Progress or result of one command',
  params: oneRun,
  response: userCommandRun,
  errors: ['command.not_found'],
});

export const userCommandResult = z.object({
  userId,
  /** As it was when the command reached the user; null for somebody who was not here any more. */
  displayName: z.string().nullable(),
  outcome: z.enum(userCommandOutcomes),
});
export type UserCommandResult = z.infer<typeof userCommandResult>;

export const listUserCommandResults = endpoint({
  method: 'GET',
  path: '/api/user-commands/:commandRunId/results',
  summary: 'What became of a command for each user, one page at a time',
  params: oneRun,
  query: z.strictObject({
    /** Absent: whatever became of them. */
    outcome: z.enum(userCommandOutcomes).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** From the page before. */
    after: userId.optional(),
  }),
  response: z.object({ results: z.array(userCommandResult), next: userId.nullable() }),
  errors: ['command.not_found'],
});

export const cancelUserCommand = endpoint({
  method: 'POST',
  path: '/api/user-commands/:commandRunId/cancellation',
  summary: 'End a command; what is done stays done',
  params: oneRun,
  body: z.strictObject({}),
  response: userCommandRun,
  errors: ['command.not_found', 'command.already_ended'],
});
