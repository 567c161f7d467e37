import type { MailboxAccess } from '../../../contract/mailbox-scope.ts';
import type { AppId, TenantId, UserId } from '../../../domain/ids.ts';
import { acceptedPermissions, type Capability } from '../../../domain/mailbox-access/capability.ts';
import { accessConfigurationOf, readScope } from '../../../domain/mailbox-access/configured-access.ts';
import type {
  AccessConfiguration,
  AccessPath,
  EffectiveAccess,
} from '../../../domain/mailbox-access/effective-access.ts';
import type { ExchangeConfiguration } from '../../../domain/mailbox-access/exchange-configuration.ts';
import { indexMembership } from '../../../domain/mailbox-access/membership-index.ts';
import { outcomeOfReason } from '../../../domain/mailbox-access/reason.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { accessSteps, predictCapability } from '../../../domain/mailbox-scope/access-steps.ts';
import { nothingConfigured } from '../../../domain/mailbox-scope/planned-limit.ts';
import { AppError } from '../../app-error.ts';
import type { StoredCapabilityResult } from '../../db/schema/mailbox-connectivity.ts';
import type { Db } from '../../db/schema.ts';
import { type GrantTokens, readApplicationGrants } from './application-grants.ts';
import type { ReadingStore } from './readings.store.ts';

interface Dependencies extends GrantTokens {
  readonly db: Db;
  readonly appId: AppId;
  readonly readings: ReadingStore;
}

/**
 * Reverse lookup: for one mailbox, the ways by which the application reaches it, or why it does not, beside what the last
 * live call said.
 * @throws AppError `user.not_found`
 */
export async function describeMailboxAccess(
  { db, appId, readings, ...tokens }: Dependencies,
  tenantId: TenantId,
  userId: UserId,
): Promise<MailboxAccess> {
  const user = await findUser(db, tenantId, userId);
  const grants = await readApplicationGrants(tokens, tenantId, { fresh: false });
  const reading = await readings.find(tenantId);
  const configuration = reading?.configuration ?? nothingConfigured;
  const rule = accessConfigurationOf(configuration, {
    appId,
    entraGrants: new Set(grants.permissions ?? []),
    ...(grants.servicePrincipalId ? { servicePrincipalId: grants.servicePrincipalId } : {}),
  });
  const membership = indexMembership(configuration)(userId);
  const isKnown = reading !== undefined && grants.permissions !== undefined;
  const live = new Map(user.results.map((result) => [result.capability, result.reason]));
  return {
    intended: user.intended,
    status: user.status,
    enforcedReadAt: reading?.readAt.toISOString() ?? null,
    steps: [
      ...accessSteps(user.capabilities, membership, rule, isKnown).map(({ step, mark, names }) => ({
        step,
        mark: grants.permissions || step !== 'entra_grant' ? mark : ('unknown' as const),
        names: [...names],
      })),
      { step: 'live_call', mark: markOfLive(user), names: [] },
    ],
    capabilities: user.capabilities.map((capability) => {
      const access = isKnown ? predictCapability(capability, membership, rule) : undefined;
      return {
        capability,
        predicted: access?.access ?? 'unknown',
        because: becauseOf(access),
        paths:
          access?.access === 'reachable'
            ? access.paths.map((path) => describePath(path, capability, rule, configuration))
            : [],
        reason: live.get(capability) ?? null,
      };
    }),
  };
}

function becauseOf(access: EffectiveAccess | undefined): string {
  if (!access) return 'never_read';
  return access.access === 'reachable' ? 'reachable' : access.because;
}

function describePath(
  path: AccessPath,
  capability: Capability,
  { entraGrants }: AccessConfiguration,
  configuration: ExchangeConfiguration,
) {
  if (path.via === 'entra_grant') {
    const granted = acceptedPermissions[capability].filter((permission) => entraGrants.has(permission));
    return { via: path.via, name: granted.join(', '), scope: path.limitedBy };
  }
  const assignment = configuration.assignments.find(
    ({ role, scope }) =>
      role === path.role && JSON.stringify(readScope(scope, configuration)) === JSON.stringify(path.scope),
  );
  return { via: path.via, name: path.role, scope: assignment?.name ?? '' };
}

function markOfLive({
  status,
  results,
}: {
  readonly status: AccessStatus;
  readonly results: readonly StoredCapabilityResult[];
}): 'opens' | 'closes' | 'silent' | 'unknown' {
  // A proof found it open, and keeps no answer of each feature.
  if (status === 'exposed') return 'opens';
  const outcomes = results.map(({ reason }) => outcomeOfReason[reason]);
  if (outcomes.includes('connected')) return 'opens';
  if (outcomes.some((outcome) => outcome === 'inconclusive')) return 'unknown';
  return outcomes.some((outcome) => outcome === 'denied' || outcome === 'ineligible') ? 'closes' : 'unknown';
}

async function findUser(db: Db, tenantId: TenantId, userId: UserId) {
  const user = await db
    .selectFrom('users as u')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'u.tenant_id').onRef('o.id', '=', 'u.organization_id'),
    )
    .innerJoin('mailbox_access as a', (join) =>
      join.onRef('a.tenant_id', '=', 'u.tenant_id').onRef('a.user_id', '=', 'u.id'),
    )
    .leftJoin('check_results as r', (join) =>
      join
        .onRef('r.tenant_id', '=', 'a.tenant_id')
        .onRef('r.check_id', '=', 'a.check_id')
        .onRef('r.user_id', '=', 'a.user_id'),
    )
    .leftJoin('mailbox_scopes as s', (join) =>
      join.onRef('s.tenant_id', '=', 'u.tenant_id').onRef('s.registration', '=', 'o.registration'),
    )
    .leftJoin('mailbox_scope_members as m', (join) =>
      join
        .onRef('m.tenant_id', '=', 's.tenant_id')
        .onRef('m.registration', '=', 's.registration')
        .onRef('m.user_id', '=', 'u.id'),
    )
    .select(['o.capabilities', 'a.status', 'r.capabilities as results', 's.list', 'm.user_id as named'])
    .where('u.tenant_id', '=', tenantId)
    .where('u.id', '=', userId)
    .executeTakeFirst();
  if (!user) throw new AppError('user.not_found');
  const isInside = (user.named !== null) === (user.list === 'allow');
  return {
    status: user.status,
    capabilities: user.capabilities as readonly Capability[],
    results: user.results ?? [],
    intended: user.list === null ? ('not_limited' as const) : isInside ? ('inside' as const) : ('outside' as const),
  };
}
