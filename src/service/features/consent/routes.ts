import {
  getConsent,
  parkConsentCallback,
  redeemConsent,
  startConsent,
  verifyConsent,
} from '../../../contract/consent.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { ParkedCallback } from '../../db/schema.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import { type ConsentOutcome, findEntraCode, readConsentRedirect } from '../../entra/consent-redirect.ts';
import { anonymousRoute, route } from '../../http/route.ts';
import type { ConsentAttemptStore } from './consent-attempts.store.ts';
import { type ConsentingOrganization, type ConsentStore, judgeGrants } from './consents.store.ts';

interface Dependencies {
  readonly consents: ConsentStore;
  readonly attempts: ConsentAttemptStore;
  readonly tokens: AppTokens;
  readonly clock: Clock;
  readonly organizations: {
    find(tenantId: TenantId, id: OrganizationId): Promise<ConsentingOrganization | undefined>;
  };
}

/** Seconds between looks for a grant that Entra has accepted but does not show in tokens yet. */
const looksAfterConsent = [1, 2, 4];

export function consentRoutes({ consents, attempts, tokens, clock, organizations }: Dependencies) {
  async function existing(tenantId: TenantId, id: OrganizationId) {
    const organization = await organizations.find(tenantId, id);
    if (!organization) throw new AppError('organization.not_found');
    return organization;
  }

  async function verify(admin: Admin, organization: ConsentingOrganization, outcome: ConsentOutcome | undefined) {
    let grants = judgeGrants(await tokens.refresh(admin.tenantId), organization.capabilities);
    if (outcome === 'accepted') {
      for (const seconds of looksAfterConsent) {
        if (grants.state !== 'not_authorized') break;
        await clock.wait(seconds * 1000);
        grants = judgeGrants(await tokens.refresh(admin.tenantId), organization.capabilities);
      }
    }
    const isGranted = grants.state === 'authorized' || grants.state === 'partly_authorized';
    return consents.save(admin, organization, grants, outcome === 'accepted' && isGranted ? { grantedBy: admin } : {});
  }

  return [
    route(getConsent, async ({ admin, params }) => {
      const organization = await existing(admin.tenantId, params.organizationId);
      return consents.get(admin.tenantId, organization.id);
    }),

    route(verifyConsent, async ({ admin, params }) =>
      verify(admin, await existing(admin.tenantId, params.organizationId), undefined),
    ),

    route(startConsent, async ({ admin, params, body }) => {
      const organization = await existing(admin.tenantId, params.organizationId);
      const { attemptId, state, expiresAt } = await attempts.start(admin, organization, body);
      return { attemptId, startPath: `/consent/start?state=${state}`, expiresAt: expiresAt.toISOString() };
    }),

    anonymousRoute(parkConsentCallback, async ({ body }) => {
      await attempts.park(body.state, {
        ...(body.admin_consent ? { adminConsent: body.admin_consent } : {}),
        ...(body.tenant ? { tenant: body.tenant } : {}),
        ...(body.error ? { error: body.error } : {}),
        ...withCode(findEntraCode(body.error_description)),
      });
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
