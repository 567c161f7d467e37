import { z } from 'zod';
import { csvLimits } from '../domain/provisioning/csv-row.ts';
import { provisioningStates } from '../domain/provisioning/provisioning-state.ts';
import { rowGroups, rowVerdicts } from '../domain/provisioning/row-verdict.ts';
import { reasonCode } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { instant, organizationId, provisioningId, userId } from './ids.ts';

export const provisioningSources = ['people', 'groups', 'csv', 'licensed'] as const;
export type ProvisioningSource = (typeof provisioningSources)[number];

/** Most people that can be named one by one; more come in a file. */
export const mostNamedPeople = 20_000;

/** Why a file cannot be read at all. */
export const fileProblems = [
  'empty',
  'not_text',
  'encoding',
  'too_many_columns',
  'too_many_rows',
  'broken',
  'no_rows',
] as const;
export type FileProblem = (typeof fileProblems)[number];

const column = z
  .int()
  .min(0)
  .max(csvLimits.columns - 1);
const mapping = z.strictObject({
  id: column.optional(),
  userPrincipalName: column.optional(),
  mail: column.optional(),
  displayName: column.optional(),
});

/** One bringing of people into an organization: looked up first, added only on the admin's word. */
export const provisioning = z.object({
  id: provisioningId,
  organizationId,
  organizationName: z.string(),
  source: z.enum(provisioningSources),
  state: z.enum(provisioningStates),
  /** Of a stopped one: what Microsoft said, in the words of `contract/reasons.ts`. */
  stoppedBecause: reasonCode.nullable(),
  /** Of a refused one: why, and where in the file. */
  refusal: z.object({ problem: z.enum(fileProblems), line: z.int().nullable() }).nullable(),
  file: z
    .object({
      name: z.string(),
      bytes: z.int(),
      receivedBytes: z.int(),
      /** Once the whole file is here. */
      headings: z.array(z.string()),
      /** What the headings suggest; what the admin chose once it is checked. */
      mapping,
      /** The first rows, as an example beside the choice of columns. */
      sample: z.array(z.array(z.string())),
    })
    .nullable(),
  /** Rows so far, and how many of them have a verdict. */
  total: z.int(),
  checked: z.int(),
  added: z.int(),
  /** Rows by verdict; empty until every row has one. */
  counts: z.array(z.object({ verdict: z.enum(rowVerdicts), count: z.int() })),
  startedBy: z.object({ userId, displayName: z.string() }),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type Provisioning = z.infer<typeof provisioning>;

const person = z.strictObject({
  id: userId,
  displayName: z.string().max(256),
  userPrincipalName: z.string().min(1).max(1024),
  mail: z.string().max(1024).nullable(),
});

export const startProvisioning = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/provisionings',
  summary: 'Begin to bring people into an organization; nobody is added before it is applied',
  params: z.strictObject({ organizationId }),
  body: z.discriminatedUnion('source', [
    z.strictObject({ source: z.enum(['people', 'groups']), people: z.array(person).min(1).max(mostNamedPeople) }),
    z.strictObject({ source: z.literal('csv'), name: z.string().min(1).max(255), bytes: z.int().min(1) }),
    z.strictObject({ source: z.literal('licensed') }),
  ]),
  bodyLimitBytes: 16 * 1024 * 1024,
  response: provisioning,
  status: 201,
  errors: ['organization.not_found'],
});

const one = z.strictObject({ provisioningId });

export const listProvisionings = endpoint({
  method: 'GET',
  path: '/api/provisionings',
  summary: 'The latest provisionings, newest first',
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  response: z.object({ provisionings: z.array(provisioning) }),
  errors: [],
});

export const getProvisioning = endpoint({
  method: 'GET',
  path: '/api/provisionings/:provisioningId',
  summary: 'Progress, preview or result of one provisioning',
  params: one,
  response: provisioning,
  errors: ['provisioning.not_found'],
});

export const uploadProvisioningFile = endpoint({
  method: 'POST',
  path: '/api/provisionings/:provisioningId/file',
  summary: 'Send the file, whole or part by part; each part begins where the one before ended',
  params: one,
  query: z.strictObject({ offset: z.coerce.number().int().min(0).default(0) }),
  upload: 'text/csv',
  bodyLimitBytes: 8 * 1024 * 1024,
  response: provisioning,
  errors: ['provisioning.not_found', 'provisioning.wrong_state', 'provisioning.wrong_offset'],
});

export const mapProvisioningFile = endpoint({
  method: 'POST',
  path: '/api/provisionings/:provisioningId/mapping',
  summary: 'Say which column names people; every row is then looked up in the directory',
  params: one,
  body: z.strictObject({
    mapping: mapping.refine(
      ({ id, userPrincipalName, mail }) => id !== undefined || userPrincipalName !== undefined || mail !== undefined,
      { error: 'id, userPrincipalName or mail is needed' },
    ),
  }),
  response: provisioning,
  status: 202,
  errors: ['provisioning.not_found', 'provisioning.wrong_state'],
});

const steering = { params: one, body: z.strictObject({}), response: provisioning } as const;

export const cancelProvisioning = endpoint({
  ...steering,
  method: 'POST',
  path: '/api/provisionings/:provisioningId/cancellation',
  summary: 'Stop looking people up; what was found so far stays, and nobody is added',
  errors: ['provisioning.not_found', 'provisioning.wrong_state'],
});

export const resumeProvisioning = endpoint({
  ...steering,
  method: 'POST',
  path: '/api/provisionings/:provisioningId/resumption',
  summary: 'Go on where it was cancelled or stopped',
  status: 202,
  errors: ['provisioning.not_found', 'provisioning.wrong_state'],
});

export const applyProvisioning = endpoint({
  method: 'POST',
  path: '/api/provisionings/:provisioningId/application',
  summary: 'Add everybody who is ready; once begun it runs to its end, also through a restart',
  params: one,
  body: z.strictObject({
    /** Also those who can be added now and fixed later. */
    includeFixable: z.boolean().default(false),
  }),
  response: provisioning,
  status: 202,
  errors: ['provisioning.not_found', 'provisioning.wrong_state', 'provisioning.nobody'],
});

export const discardProvisioning = endpoint({
  method: 'DELETE',
  path: '/api/provisionings/:provisioningId',
  summary: 'Forget a provisioning with its rows; users who were added stay',
  params: one,
  errors: ['provisioning.not_found', 'provisioning.wrong_state'],
});

export const provisioningRow = z.object({
  /** Of the file, from 1; of other sources the number of the person. */
  line: z.int(),
  verdict: z.enum(rowVerdicts),
  /** What a check would say, where there is a code for it. */
  reason: reasonCode.nullable(),
  /** Whom the row names, as it names them. */
  named: z.string(),
  userId: userId.nullable(),
  displayName: z.string().nullable(),
  userPrincipalName: z.string().nullable(),
  /** Of a row that names somebody again: the line before. */
  duplicateOf: z.int().nullable(),
  /** Of somebody who is in another organization. */
  organizationName: z.string().nullable(),
});
export type ProvisioningRow = z.infer<typeof provisioningRow>;

export const listProvisioningRows = endpoint({
  method: 'GET',
  path: '/api/provisionings/:provisioningId/rows',
  summary: 'Rows by line, of one group or all, one page at a time',
  params: one,
  query: z.strictObject({
    /** Absent: all rows. */
    group: z.enum(rowGroups).optional(),
    /** The last line of the page before. */
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  response: z.object({ rows: z.array(provisioningRow), hasMore: z.boolean() }),
  errors: ['provisioning.not_found'],
});

export const exportProvisioningRows = endpoint({
  method: 'GET',
  path: '/api/provisionings/:provisioningId/rows/export',
  summary: 'Rows with line, cause and remedy as a CSV file: those that need attention, or all',
  params: one,
  query: z.strictObject({ which: z.enum(['attention', 'all']).default('attention') }),
  download: 'text/csv',
  errors: ['provisioning.not_found'],
});
