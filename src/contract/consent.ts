import { z } from 'zod';
import { consentProblems, consentStates, grantStates } from '../domain/consent/consent-state.ts';
import { capabilities } from '../domain/mailbox-access/capability.ts';
import { endpoint } from './endpoint.ts';
import { consentAttemptId, instant, organizationId, userId } from './ids.ts';

/** The organization's *Impersonation status* and what it rests on. */
export const consent = z.object({
  state: z.enum(consentStates),
  /** Why the state is `unknown`, or what keeps the application out. */
  problem: z.enum(consentProblems).nullable(),
  permissions: z.array(
    z.object({
      permission: z.string(),
      /** The feature it serves; null for one that no feature of this organization needs. */
      capability: z.enum(capabilities).nullable(),
      state: z.enum(grantStates),
    }),
  ),
  /** What the state rests on: the directory's list of assignments, a token's roles, or calls to a few mailboxes. */
  evidence: z.enum(['assignments', 'token', 'probes']).nullable(),
  /** The latest known change; without `endedAt` it is still on its way. */
  change: z
    .object({
      kind: z.enum(['consent_accepted', 'roles_granted', 'roles_revoked']),
      changedAt: instant,
      /** When Microsoft should show it everywhere; only then is it called missing. */
      expectedBy: instant,
      endedAt: instant.nullable(),
      outcome: z.enum(['converged', 'not_effective', 'not_known', 'superseded']).nullable(),
    })
    .nullable(),
  verifiedAt: instant.nullable(),
  /** The admin whose attempt led to the verified state. */
  grantedBy: z.object({ userId, displayName: z.string() }).nullable(),
  grantedAt: instant.nullable(),
});
export type Consent = z.infer<typeof consent>;

const params = z.strictObject({ organizationId });

/** Values such as `Mail.Read`, or the id of a role without one. */
const roleNames = z.array(z.string().regex(/^[\w.-]{1,100}$/)).max(50);

export const getConsent = endpoint({
  method: 'GET',
  path: '/api/organizations/:organizationId/consent',
  summary: 'The last verified state of the application’s grants',
  params,
  response: consent,
  errors: ['organization.not_found'],
});

export const verifyConsent = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/consent-verifications',
  summary: 'Ask Microsoft now which grants the application holds',
  params,
  body: z.strictObject({
    /**
     * App roles that the admin has just granted or removed in the browser, with a token of their own. It is recorded and
     * waited for; what holds comes from Microsoft alone.
     */
    changed: z.strictObject({ granted: roleNames, revoked: roleNames }).optional(),
  }),
  response: consent,
  errors: ['organization.not_found'],
});

export const startConsent = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/consent-attempts',
  summary: 'Start Microsoft’s consent dialog',
  params,
  body: z.strictObject({ returnTo: z.enum(['teams', 'browser']) }),
  response: z.object({
    attemptId: consentAttemptId,
    /** Path of this service that opens Microsoft’s dialog; carries the single-use state. */
    startPath: z.string(),
    expiresAt: instant,
  }),
  status: 201,
  errors: ['organization.not_found'],
});

/** What Microsoft's redirect said. It proves nothing: the state of the consent comes from verification alone. */
export const consentOutcomes = [
  'accepted',
  'declined',
  'not_an_admin',
  'wrong_tenant',
  'misconfigured',
  'failed',
  'no_answer',
] as const;

export const redeemConsent = endpoint({
  method: 'POST',
  path: '/api/organizations/:organizationId/consent-attempts/:attemptId/redemption',
  summary: 'Finish a consent in the tab that started it: read the redirect’s outcome, then verify the grants',
  params: z.strictObject({ organizationId, attemptId: consentAttemptId }),
  body: z.strictObject({}),
  response: z.object({
    outcome: z.enum(consentOutcomes),
    /** Entra’s code, such as `AADSTS65004`. */
    entraCode: z.string().nullable(),
    consent,
  }),
  errors: ['organization.not_found', 'consent.attempt_not_found', 'consent.attempt_expired'],
});

export const parkConsentCallback = endpoint({
  method: 'POST',
  path: '/api/consent-callbacks',
  summary: 'Keep what Microsoft’s redirect said until the starting tab redeems it; answers alike for every state',
  access: 'anonymous',
  body: z.strictObject({
    state: z.string().max(200),
    admin_consent: z.string().max(20).optional(),
    tenant: z.string().max(100).optional(),
    error: z.string().max(100).optional(),
    error_description: z.string().max(4000).optional(),
  }),
  errors: [],
});
