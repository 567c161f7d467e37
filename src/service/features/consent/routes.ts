import {
  getConsent,
  parkConsentCallback,
  redeemConsent,
  startConsent,
  verifyConsent,
} from '../../../contract/consent.ts';
import type { ConsentFacts, RolesAnnounced } from '../../../domain/consent/consent-state.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { type Capability, isServedBy } from '../../../domain/mailbox-access/capability.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { ParkedCallback } from '../../db/schema/consent.ts';
import type { Applications } from '../../entra/applications.ts';
import { type ConsentOutcome, findEntraCode, readConsentRedirect } from '../../entra/consent-redirect.ts';
import { anonymousRoute, route } from '../../http/route.ts';
import type { Logger } from '../../log.ts';
import type { ConsentAttemptStore } from './consent-attempts.store.ts';
import type { ConsentStore } from './consents.store.ts';
import { type FactsDependencies, gatherFacts } from './gather-facts.ts';

interface Dependencies extends Omit<FactsDependencies, 'applications'> {
  readonly applications: Pick<Applications, 'find' | 'get' | 'tokensOf'>;
  readonly consents: ConsentStore;
  readonly attempts: ConsentAttemptStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly organizations: {
    find(tenantId: TenantId, id: OrganizationId): Promise<FoundOrganization | undefined>;
  };
}

interface FoundOrganization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly registration: RegistrationName;
  readonly capabilities: readonly Capability[];
}

/** Seconds between looks for a grant that Entra has accepted but does not show in tokens yet. */
const looksAfterConsent = [1, 2, 4];

export function consentRoutes({ consents, attempts, organizations, logger, ...asking }: Dependencies) {
  const { clock } = asking;

  async function existing(tenantId: TenantId, id: OrganizationId) {
    const organization = await organizations.find(tenantId, id);
    if (!organization) throw new AppError('organization.not_found');
    return organization;
  }

  async function verify(
    admin: Admin,
    found: FoundOrganization,
    outcome: ConsentOutcome | undefined,
    changed?: RolesAnnounced,
  ) {
    const organization = { ...found, tenantId: admin.tenantId };
    const isAccepted = outcome === 'accepted';
    const acceptedAt = isAccepted ? clock.now() : undefined;
    const gather = () => gatherFacts({ ...asking, consents }, organization);
    let facts = await gather();
    for (const seconds of isAccepted ? looksAfterConsent : []) {
      if (!showsNothing(facts, organization.capabilities)) break;
      await clock.wait(seconds * 1000);
      facts = await gather();
    }
    return consents.save(organization, facts, { by: admin, acceptedAt, changed });
  }

  return [
    route(getConsent, async ({ admin, params }) => {
      const organization = await existing(admin.tenantId, params.organizationId);
      const consent = await consents.get(admin.tenantId, organization.id);
      if (asking.applications.find(admin.tenantId, organization.registration)) return consent;
      // What was verified once cannot be verified any more.
      return { ...consent, state: 'unknown' as const, problem: 'registration_not_configured' as const };
    }),

    route(verifyConsent, async ({ admin, params, body }) =>
      verify(admin, await existing(admin.tenantId, params.organizationId), undefined, body.changed),
    ),

    route(startConsent, async ({ admin, params, body }) => {
      const organization = await existing(admin.tenantId, params.organizationId);
      // Nobody is sent to a dialog of an application that this service could not act as.
      asking.applications.get(admin.tenantId, organization.registration);
      const { attemptId, state, expiresAt } = await attempts.start(admin, organization, body);
      return { attemptId, startPath: `/consent/start?state=${state}`, expiresAt: expiresAt.toISOString() };
    }),

    anonymousRoute(parkConsentCallback, async ({ body }) => {
      const kept = await attempts.park(body.state, {
        ...(body.admin_consent ? { adminConsent: body.admin_consent } : {}),
        ...(body.tenant ? { tenant: body.tenant } : {}),
        ...(body.error ? { error: body.error } : {}),
        ...withCode(findEntraCode(body.error_description)),
      });
      // Neither the state nor what came with it: both are whatever somebody sent.
      if (kept !== 'kept') logger.warn({ why: kept }, 'consent callback rejected');
    }),

    route(redeemConsent, async ({ admin, params }) => {
      const organization = await existing(admin.tenantId, params.organizationId);
      const outcomeOf = (callback: ParkedCallback) => readConsentRedirect(callback, admin.tenantId);
      const redemption = await attempts.redeem(admin, organization, params.attemptId, outcomeOf);
      if (redemption.kind === 'not_found') throw new AppError('consent.attempt_not_found');
      if (redemption.kind === 'expired') throw new AppError('consent.attempt_expired');
      if (redemption.kind === 'no_answer') {
        return {
          outcome: 'no_answer' as const,
          entraCode: null,
          consent: await verify(admin, organization, undefined),
        };
      }
      const outcome = outcomeOf(redemption.callback);
      const consent = redemption.isFirst
        ? await verify(admin, organization, outcome)
        : await consents.get(admin.tenantId, organization.id);
      return { outcome, entraCode: redemption.callback.entraCode ?? null, consent };
    }),
  ];
}

function withCode(entraCode: string | undefined): { entraCode?: string } {
  return entraCode ? { entraCode } : {};
}

/** Whether the consent shows nowhere yet; Entra often needs some seconds. */
function showsNothing({ problem, roles = [], assignments = [], probes }: ConsentFacts, needed: readonly Capability[]) {
  if (problem) return problem === 'application_unknown';
  if (Object.values(probes).includes('opened')) return false;
  return !needed.some((capability) => isServedBy(capability, [...roles, ...assignments]));
}
