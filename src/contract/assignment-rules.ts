import { z } from 'zod';
import { assignmentOutcomes, outcomeReasons } from '../domain/assignment-rules/decide.ts';
import { assignmentProblems } from '../domain/assignment-rules/rule-problem.ts';
import { endpoint } from './endpoint.ts';
import { assignmentRuleId, assignmentRunId, groupId, instant, organizationId, userId } from './ids.ts';

/** Rules that keep organizations in step with the directory. */

/** Most rules of one tenant: each group of one is read with every run. */
export const mostAssignmentRules = 100;

const count = z.int().min(0);
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?!-)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u, 'a mail domain such as contoso.com, without the @')
  .meta({ example: 'contoso.com' });
const condition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('domain'), domain }),
  z.strictObject({ kind: z.literal('group'), groupId, groupName: z.string().trim().min(1).max(256) }),
]);

const problem = z.enum(assignmentProblems);

export const assignmentRule = z.object({
  id: assignmentRuleId,
  organizationId,
  organizationName: z.string(),
  condition,
  /** Whether people whom somebody placed or removed by hand follow the rule too. */
  movesHandPlaced: z.boolean(),
  isOn: z.boolean(),
  /** Why its group could not be read last; who was in it when it was read before still counts. */
  problem: problem.nullable(),
});
export type AssignmentRule = z.infer<typeof assignmentRule>;

export const assignmentRun = z.object({
  id: assignmentRunId,
  /** A preview changes nothing. */
  kind: z.enum(['preview', 'apply']),
  state: z.enum(['queued', 'running', 'completed', 'failed']),
  /** The rule that a preview is of. */
  ruleId: assignmentRuleId.nullable(),
  /** Why the directory could not be read; nothing was changed then. */
  problem: problem.nullable(),
  /** How many people it found, by organization and by what became of them. */
  counts: z.array(
    z.object({ organizationId: organizationId.nullable(), outcome: z.enum(assignmentOutcomes), people: count }),
  ),
  /** Pairs of rules that match the same people and lead to different organizations; the first of each decides. */
  conflicts: z.array(
    z.object({
      ruleId: assignmentRuleId,
      otherRuleId: assignmentRuleId,
      people: count,
      /** Some of them by name. */
      examples: z.array(z.string()),
    }),
  ),
  /** Null for the service itself. */
  startedBy: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type AssignmentRun = z.infer<typeof assignmentRun>;

export const assignmentRules = z.object({
  /** In their order: of those that match a person, the first that is on decides. */
  rules: z.array(assignmentRule),
  /** The newest run that applied rules. */
  lastRun: assignmentRun.nullable(),
  /** The newest preview; `isCurrent` while no rule has changed since. */
  preview: assignmentRun.extend({ isCurrent: z.boolean() }).nullable(),
  /** Minutes between runs of the service itself; 0 for none. */
  everyMinutes: count,
});
export type AssignmentRules = z.infer<typeof assignmentRules>;

export const assignedPerson = z.object({
  userId,
  displayName: z.string(),
  address: z.string().nullable(),
  outcome: z.enum(assignmentOutcomes),
  reason: z.enum(outcomeReasons).nullable(),
  /** Where the rule leads; where somebody who leaves still is. */
  organizationId: organizationId.nullable(),
  organizationName: z.string().nullable(),
  fromOrganizationName: z.string().nullable(),
  ruleId: assignmentRuleId.nullable(),
});
export type AssignedPerson = z.infer<typeof assignedPerson>;

export const listAssignmentRules = endpoint({
  method: 'GET',
  path: '/api/assignment-rules',
  summary: 'The rules that keep organizations in step with the directory, the last run and the last preview',
  response: assignmentRules,
  errors: [],
});

export const createAssignmentRule = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/assignment-rules',
  summary: 'Add a rule behind the others; it is off until its preview was made',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({ condition, movesHandPlaced: z.boolean().default(false) }),
  response: assignmentRules,
  status: 201,
  errors: ['organization.not_found', 'assignment.rule_exists', 'assignment.too_many_rules'],
});

export const updateAssignmentRule = endpoint({
  method: 'PATCH',
  path: '/api/assignment-rules/:ruleId',
  summary: 'Switch a rule, or change it, which switches it off: its preview has to be made anew',
  params: z.strictObject({ ruleId: assignmentRuleId }),
  body: z.strictObject({
    isOn: z.boolean().optional(),
    movesHandPlaced: z.boolean().optional(),
    /** One place earlier or later in the order. */
    move: z.enum(['earlier', 'later']).optional(),
  }),
  response: assignmentRules,
  errors: ['assignment.rule_not_found', 'assignment.preview_needed', 'assignment.group_unread'],
});

export const deleteAssignmentRule = endpoint({
  method: 'DELETE',
  path: '/api/assignment-rules/:ruleId',
  summary: 'Delete a rule; whom it placed stays',
  params: z.strictObject({ ruleId: assignmentRuleId }),
  response: assignmentRules,
  errors: ['assignment.rule_not_found'],
});

export const previewAssignmentRule = endpoint({
  method: 'POST',
  path: '/api/assignment-rules/:ruleId/previews',
  summary: 'Find out what would change if the rule were on; nothing is changed',
  params: z.strictObject({ ruleId: assignmentRuleId }),
  body: z.strictObject({}),
  response: assignmentRules,
  status: 202,
  errors: ['assignment.rule_not_found'],
});

export const startAssignmentRun = endpoint({
  method: 'POST',
  path: '/api/assignment-runs',
  summary: 'Apply the rules that are on now, or join the run that does',
  body: z.strictObject({}),
  response: assignmentRules,
  status: 202,
  errors: ['assignment.no_rule_on'],
});

export const listAssignedPeople = endpoint({
  method: 'GET',
  path: '/api/assignment-runs/:runId/people',
  summary: 'Whom a run or a preview found, by name',
  params: z.strictObject({ runId: assignmentRunId }),
  query: z.strictObject({
    outcome: z.enum(assignmentOutcomes).default('leaving'),
    organizationId: organizationId.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(1_000).optional(),
  }),
  response: z.object({ people: z.array(assignedPerson), nextCursor: z.string().nullable() }),
  errors: ['assignment.run_not_found'],
});

/** Longer differences are not counted to their end. */
export const mostCountedDifferences = 10_000;

const difference = z.object({
  /** At most {@link mostCountedDifferences}. */
  people: count,
  /** Some of them, by name. */
  examples: z.array(z.object({ userId, displayName: z.string(), address: z.string().nullable() })),
});

export const getScopeDifferences = endpoint({
  method: 'GET',
  path: '/api/organizations/:organizationId/scope-differences',
  summary: 'Who is in the organization and out of Exchange’s scope, and who is in the scope and in no organization',
  params: z.strictObject({ organizationId }),
  response: z.object({
    /** Null when the application is not limited: then everybody is in scope. */
    limit: z
      .object({
        list: z.enum(['allow', 'block']),
        groupName: z.string(),
        /** When Exchange was read last; null when it never was. */
        readAt: instant.nullable(),
      })
      .nullable(),
    outsideScope: difference,
    notHere: difference,
  }),
  errors: ['organization.not_found'],
});
