import { z } from 'zod';
import { stepOutcomes } from '../domain/exchange-plan/plan-result.ts';
import { capabilities } from '../domain/mailbox-access/capability.ts';
import { accessMarks } from '../domain/mailbox-scope/access-steps.ts';
import { driftKinds } from '../domain/mailbox-scope/drift.ts';
import { proofReasons } from '../domain/mailbox-scope/proof-sample.ts';
import { scopeStepStates, scopeSteps } from '../domain/mailbox-scope/scope-change.ts';
import { groupKinds } from '../domain/mailbox-scope/scope-group.ts';
import { scopeProblems } from '../domain/mailbox-scope/scope-problem.ts';
import { accessStatus, reasonCode } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { groupId, instant, scopeChangeId, scopeDriftId, scopeProofId, userId } from './ids.ts';
import { ofApplication } from './registration.ts';

/**
 * Limiting the application to the right mailboxes. A limit holds for the application in the tenant: all organizations
 * share it.
 */
export const mechanisms = ['role_assignments', 'application_access_policy'] as const;
export const lists = ['allow', 'block'] as const;

const count = z.int().min(0);
const person = z.object({ id: userId, displayName: z.string(), address: z.string().nullable() });
const admin = z.object({ userId, displayName: z.string() });

export const scopeGroup = z.object({
  id: groupId,
  displayName: z.string(),
  address: z.string().nullable(),
  kind: z.enum(groupKinds),
});
export type ScopeGroup = z.infer<typeof scopeGroup>;

/** How many mailboxes the application can open, as the access rule has it for what is known. */
export const reach = z.object({
  /** People of the directory who can have a mailbox. */
  mailboxes: count,
  reachable: count,
  /** Mailboxes of which nothing certain is known. */
  unknown: count,
});
export type Reach = z.infer<typeof reach>;

/** What Exchange enforces for the application, as it was last read. */
export const enforced = z.object({
  readAt: instant,
  source: z.enum(['script', 'gateway']),
  /** Exchange's pointer to the service principal; roles work only through the right one. */
  servicePrincipal: z.enum(['present', 'absent', 'points_elsewhere']),
  policies: z.array(
    z.object({ accessRight: z.enum(['RestrictAccess', 'DenyAccess']), groupName: z.string(), description: z.string() }),
  ),
  assignments: z.array(
    z.object({
      name: z.string(),
      role: z.string(),
      /** In words of Exchange: a scope's name, a group's name, an administrative unit, or the whole organization. */
      scope: z.string(),
      covers: z.enum(['organization', 'members', 'everybody_else', 'not_understood']),
      groupNames: z.array(z.string()),
    }),
  ),
});

/** What the admin wants: only the group's mailboxes, or all but the group's. */
export const intent = z.object({
  mechanism: z.enum(mechanisms),
  list: z.enum(lists),
  group: scopeGroup,
  includesNested: z.boolean(),
  /** Mailboxes that shall be reachable. */
  mailboxes: count,
  setAt: instant,
  setBy: admin.nullable(),
});

export const stepReport = z.object({
  kind: z.string(),
  /** The object it is about, in words: a role, a scope, a group, a mailbox. */
  subject: z.string(),
  outcome: z.enum(stepOutcomes),
  detail: z.string(),
});

/** A limit on its way: steps in the one order that never leaves a mailbox open that should be closed. */
export const scopeChange = z.object({
  id: scopeChangeId,
  kind: z.enum(['limit', 'migrate']),
  mechanism: z.enum(mechanisms),
  list: z.enum(lists),
  group: scopeGroup,
  includesNested: z.boolean(),
  steps: z.array(
    z.object({
      step: z.enum(scopeSteps),
      state: z.enum(scopeStepStates),
      at: instant.nullable(),
    }),
  ),
  /** Tenant-wide grants in Entra that make the limit without effect as long as they are there. */
  grantsToRemove: z.array(z.object({ permission: z.string(), resource: z.enum(['graph', 'exchange']) })),
  /** When Microsoft should show the last step everywhere; null when nothing is spreading. */
  expectedBy: instant.nullable(),
  /** What the last script or run did, step by step. */
  report: z.array(stepReport),
  state: z.enum(['open', 'done', 'undone']),
  createdAt: instant,
  createdBy: admin,
  endedAt: instant.nullable(),
});
export type ScopeChange = z.infer<typeof scopeChange>;

/** A proof from both sides: mailboxes that must open, and mailboxes that must not. */
export const scopeProof = z.object({
  id: scopeProofId,
  state: z.enum(['running', 'completed', 'failed']),
  /** Every mailbox of the tenant instead of a sample. */
  isSweep: z.boolean(),
  inside: z.object({ total: count, reachable: count, closed: count, couldNotTell: count, noMailbox: count }),
  outside: z.object({ total: count, reachable: count, closed: count, couldNotTell: count, noMailbox: count }),
  /** Before its bound a finding is "waiting", and red only after it. */
  verdict: z.enum(['holds', 'leaks', 'blocks', 'waiting', 'could_not_tell', 'running']),
  /** Reachable and should not be; the first 100. */
  leaks: z.array(person.extend({ reason: reasonCode, why: z.enum(proofReasons) })),
  /** Should be reachable and is not; the first 100. */
  blocked: z.array(person.extend({ reason: reasonCode })),
  startedAt: instant,
  finishedAt: instant.nullable(),
});
export type ScopeProof = z.infer<typeof scopeProof>;

/** Something that changed in Microsoft 365 and not through this product. */
export const scopeDrift = z.object({
  id: scopeDriftId,
  what: z.enum(driftKinds),
  /** The permission, policy, role, scope or group. */
  subject: z.string(),
  /** Features that stop working because of it, or start reaching more. */
  capabilities: z.array(z.enum(capabilities)),
  /** Who changed it, when the directory's audit log may be read. */
  by: z.string().nullable(),
  foundAt: instant,
});

export const mailboxScope = z.object({
  gateway: z.enum(['off', 'delegated', 'application']),
  /** Permissions over mailboxes that Entra grants for the whole tenant. */
  tenantWideGrants: z.array(z.object({ permission: z.string(), resource: z.enum(['graph', 'exchange']) })),
  enforced: enforced.nullable(),
  intent: intent.nullable(),
  /** The blast radius now; null until the directory was read once. */
  reach: reach.nullable(),
  change: scopeChange.nullable(),
  proof: scopeProof.nullable(),
  /** What stands against the intent, as far as it is known without a call to a mailbox. */
  problems: z.array(z.object({ problem: z.enum(scopeProblems), names: z.array(z.string()) })),
  drifts: z.array(scopeDrift),
});
export type MailboxScope = z.infer<typeof mailboxScope>;

export const getMailboxScope = endpoint({
  method: 'GET',
  path: '/api/mailbox-scope',
  summary: 'Which mailboxes the application can open, what Exchange enforces, and what is intended',
  query: ofApplication,
  response: mailboxScope,
  errors: ['registration.not_configured'],
});

const wanted = {
  mechanism: z.enum(mechanisms),
  list: z.enum(lists),
  groupId,
  /** Role assignments cover direct members only; this covers the members of nested groups by naming those groups too. */
  includeNested: z.boolean().default(true),
};

export const previewMailboxScope = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/previews',
  summary: 'What a limit would change, before anything is changed',
  query: ofApplication,
  body: z.strictObject(wanted),
  response: z.object({
    group: scopeGroup,
    directMembers: count,
    nestedGroups: z.array(scopeGroup),
    /** People who are in a nested group only. */
    nestedMembers: count,
    problems: z.array(z.object({ problem: z.enum(scopeProblems), names: z.array(z.string()) })),
    /** Whether a change may be started; a problem of weight `stop` prevents it. */
    mayStart: z.boolean(),
    now: reach,
    after: reach,
    gains: z.object({ count, examples: z.array(person) }),
    loses: z.object({ count, examples: z.array(person) }),
    grantsToRemove: z.array(z.object({ permission: z.string(), resource: z.enum(['graph', 'exchange']) })),
    /** What would be done in Exchange, in order. */
    steps: z.array(z.object({ kind: z.string(), subject: z.string() })),
  }),
  errors: [
    'registration.not_configured',
    'scope.group_not_found',
    'scope.sign_in_needed',
    'scope.directory_unreadable',
    'microsoft.unavailable',
  ],
});
export type ScopePreview = z.infer<NonNullable<typeof previewMailboxScope.response>>;

export const startScopeChange = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/changes',
  summary: 'Set the intent and plan the change; nothing is changed in Exchange yet',
  query: ofApplication,
  body: z.strictObject(wanted),
  response: scopeChange,
  status: 201,
  errors: [
    'registration.not_configured',
    'scope.group_not_found',
    'scope.sign_in_needed',
    'scope.change_open',
    'scope.not_possible',
    'scope.directory_unreadable',
    'microsoft.unavailable',
  ],
});

export const startPolicyMigration = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/migrations',
  summary: 'Plan the way from application access policies to RBAC for Applications',
  query: ofApplication,
  body: z.strictObject({}),
  response: scopeChange,
  status: 201,
  errors: [
    'registration.not_configured',
    'scope.change_open',
    'scope.not_read',
    'scope.nothing_to_migrate',
    'scope.deny_policy',
    'scope.not_possible',
    'scope.directory_unreadable',
    'microsoft.unavailable',
  ],
});

const changeParams = z.strictObject({ changeId: scopeChangeId });

/** `make` sets the limit, `remove_…` take away what it replaces, `undo` takes everything back. */
export const scriptPurposes = ['make', 'remove_assignments', 'remove_policies', 'undo'] as const;
const script = z.object({
  fileName: z.string(),
  /** The whole file with its byte order mark. */
  text: z.string(),
  sha256: z.string(),
});

export const getScopeScript = endpoint({
  method: 'GET',
  path: '/api/mailbox-scope/changes/:changeId/scripts/:purpose',
  summary: 'The PowerShell script of a step, for Windows PowerShell 5.1 and PowerShell 7',
  query: ofApplication,
  params: changeParams.extend({ purpose: z.enum(scriptPurposes) }),
  response: script,
  errors: ['registration.not_configured', 'scope.change_not_found', 'scope.step_not_due'],
});

export const bringScopeResult = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/changes/:changeId/results',
  summary: 'Bring back the JSON file that a script wrote',
  query: ofApplication,
  params: changeParams,
  body: z.strictObject({ text: z.string().max(20_000_000) }),
  bodyLimitBytes: 24_000_000,
  response: scopeChange,
  errors: [
    'registration.not_configured',
    'scope.change_not_found',
    'scope.result_unreadable',
    'scope.result_of_another_plan',
    'scope.step_not_due',
  ],
});

export const runScopeStep = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/changes/:changeId/runs',
  summary: 'Carry out a step over the experimental gateway',
  query: ofApplication,
  params: changeParams,
  body: z.strictObject({ purpose: z.enum(scriptPurposes), whatIf: z.boolean().default(false) }),
  response: scopeChange,
  errors: [
    'registration.not_configured',
    'scope.change_not_found',
    'scope.step_not_due',
    'scope.sign_in_needed',
    'exchange.gateway_off',
    'exchange.role_missing',
    'exchange.unavailable',
  ],
});

export const advanceScopeChange = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/changes/:changeId/advances',
  summary: 'Look again at grants and proofs, and go on where the next step is due',
  query: ofApplication,
  params: changeParams,
  body: z.strictObject({}),
  response: scopeChange,
  errors: ['registration.not_configured', 'scope.change_not_found'],
});

export const endScopeChange = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/changes/:changeId/end',
  summary: 'Give a change up; what its scripts made is taken back by the undo script',
  query: ofApplication,
  params: changeParams,
  body: z.strictObject({}),
  response: scopeChange,
  errors: ['registration.not_configured', 'scope.change_not_found'],
});

export const readEnforcedScope = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/readings',
  summary: 'Read over the gateway what Exchange enforces now',
  query: ofApplication,
  body: z.strictObject({}),
  response: mailboxScope,
  errors: [
    'registration.not_configured',
    'scope.sign_in_needed',
    'exchange.gateway_off',
    'exchange.role_missing',
    'exchange.unavailable',
  ],
});

export const getReadingScript = endpoint({
  method: 'GET',
  path: '/api/mailbox-scope/reading-script',
  summary: 'The PowerShell script that reads what Exchange enforces, and changes nothing',
  query: ofApplication,
  response: script,
  errors: ['registration.not_configured'],
});

export const bringReadingResult = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/reading-results',
  summary: 'Bring back the JSON file of the reading script',
  query: ofApplication,
  body: z.strictObject({ text: z.string().max(20_000_000) }),
  bodyLimitBytes: 24_000_000,
  response: mailboxScope,
  errors: ['registration.not_configured', 'scope.result_unreadable', 'scope.result_of_another_plan'],
});

export const startScopeProof = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/proofs',
  summary: 'Try mailboxes on both sides of the limit; joins a proof that is running',
  query: ofApplication,
  body: z.strictObject({ sweep: z.boolean().default(false) }),
  response: scopeProof,
  status: 202,
  errors: ['registration.not_configured', 'scope.not_set'],
});

export const getScopeProof = endpoint({
  method: 'GET',
  path: '/api/mailbox-scope/proofs/:proofId',
  summary: 'Progress or result of a proof',
  query: ofApplication,
  params: z.strictObject({ proofId: scopeProofId }),
  response: scopeProof,
  errors: ['registration.not_configured', 'scope.proof_not_found'],
});

export const dismissScopeDrift = endpoint({
  method: 'POST',
  path: '/api/mailbox-scope/drifts/:driftId/dismissal',
  summary: 'Take a finding off the list; it stays in the activity',
  query: ofApplication,
  params: z.strictObject({ driftId: scopeDriftId }),
  body: z.strictObject({}),
  errors: ['registration.not_configured', 'scope.drift_not_found'],
});

/** One of the four steps in which access is decided, with its own mark. */
export const accessStep = z.object({
  step: z.enum(['entra_grant', 'policy', 'role_assignment', 'live_call']),
  /** `opens`: this step lets the application in; `closes`: it keeps it out; `silent`: it has no say here. */
  mark: z.enum(accessMarks),
  /** Permissions, policies, roles or scopes that decide here. */
  names: z.array(z.string()),
});

export const getMailboxAccess = endpoint({
  method: 'GET',
  path: '/api/users/:userId/access',
  summary: 'The paths by which the application reaches a mailbox, or why it does not',
  params: z.strictObject({ userId }),
  response: z.object({
    intended: z.enum(['inside', 'outside', 'not_limited']),
    status: accessStatus,
    /** When what is known of Exchange was read; null when it never was, and the rule cannot tell. */
    enforcedReadAt: instant.nullable(),
    steps: z.array(accessStep),
    capabilities: z.array(
      z.object({
        capability: z.enum(capabilities),
        /** What the access rule says for what is known. */
        predicted: z.enum(['reachable', 'closed', 'unknown']),
        because: z.string(),
        paths: z.array(
          z.object({ via: z.enum(['entra_grant', 'role_assignment']), name: z.string(), scope: z.string() }),
        ),
        /** What the last live call said. */
        reason: reasonCode.nullable(),
      }),
    ),
  }),
  errors: ['registration.not_configured', 'user.not_found'],
});
export type MailboxAccess = z.infer<NonNullable<typeof getMailboxAccess.response>>;
