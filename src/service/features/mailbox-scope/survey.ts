import type { AppId, GroupId, TenantId } from '../../../domain/ids.ts';
import { leastPermission } from '../../../domain/mailbox-access/capability.ts';
import type { GroupWithMembers, TenantSurvey } from '../../../domain/mailbox-scope/planned-limit.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/schema.ts';
import type { DelegatedTokens } from '../../entra/delegated-tokens.ts';
import type { GraphClient } from '../../graph/client.ts';
import { readGroupTree } from '../../graph/groups.ts';
import { type GrantTokens, readApplicationGrants } from './application-grants.ts';
import type { DirectoryStore } from './directory.store.ts';
import type { ReadingStore } from './readings.store.ts';

export interface SurveyDependencies extends GrantTokens {
  readonly db: Db;
  readonly registration: RegistrationName;
  readonly appId: AppId;
  readonly delegatedTokens: DelegatedTokens;
  readonly graph: GraphClient;
  readonly clock: Clock;
  readonly graphEndpoint: string;
  readonly readings: ReadingStore;
  readonly directory: DirectoryStore;
}

/** Minutes until the directory is read again for a preview or a count. */
export const directoryMaxAgeMinutes = 60;
const groupScope = 'GroupMember.Read.All';

/**
 * Gathers what a limit is judged by.
 * @throws AppError `microsoft.unavailable`, `scope.directory_unreadable`: nothing is counted by halves
 */
export async function surveyTenant(
  { db, appId, registration, readings, directory, ...tokens }: SurveyDependencies,
  tenantId: TenantId,
  options: { readonly fresh: boolean },
): Promise<TenantSurvey> {
  const grants = await readApplicationGrants(tokens, tenantId, options);
  if (!grants.permissions) throw new AppError('microsoft.unavailable');
  const reading = await directory.ensureRead(tenantId, { maxAgeMinutes: directoryMaxAgeMinutes });
  // A list of some age still counts everybody; without one nobody is counted.
  if (reading.kind === 'refused' && !reading.readAt) {
    throw new AppError('scope.directory_unreadable', { details: { reason: reading.reason } });
  }
  const organizations = await db
    .selectFrom('organizations')
    .select('capabilities')
    .where('tenant_id', '=', tenantId)
    .where('registration', '=', registration)
    .where('connection_type', '=', 'graph_app_only')
    .execute();
  const needed = new Set(organizations.flatMap(({ capabilities }) => capabilities.map(leastPermission)));
  return {
    tenantId,
    appId,
    servicePrincipalId: grants.servicePrincipalId,
    entraGrants: new Set(grants.permissions),
    configuration: (await readings.find(tenantId))?.configuration,
    mailboxes: await directory.ids(tenantId),
    neededPermissions: [...needed],
  };
}

/**
 * The chosen group with all that is nested in it, read as the admin: the application itself needs no right to read groups.
 * @throws AppError `scope.sign_in_needed` with the scopes, `scope.group_not_found`, `microsoft.unavailable`
 */
export async function readChosenGroup(
  { delegatedTokens, graph, clock, graphEndpoint }: SurveyDependencies,
  admin: Admin,
  groupId: GroupId,
): Promise<[GroupWithMembers, ...GroupWithMembers[]]> {
  const outcome = await delegatedTokens.get(admin, `${graphEndpoint}/${groupScope}`);
  if (outcome.kind === 'refused') throw refusalOf(outcome.problem, [groupScope]);
  const tree = await readGroupTree(graph, clock, { id: groupId, token: outcome.token });
  switch (tree.kind) {
    case 'read':
      return [...tree.groups];
    case 'not_found':
      throw new AppError('scope.group_not_found');
    case 'not_permitted':
      throw new AppError('scope.sign_in_needed', { details: { scopes: [groupScope] } });
    case 'unavailable':
      throw new AppError('microsoft.unavailable');
  }
}

/** What an admin can do about a token that Microsoft did not give. */
export function refusalOf(problem: string, scopes: readonly string[]): AppError {
  const isAsked = problem === 'consent_required' || problem === 'interaction_required';
  return isAsked
    ? new AppError('scope.sign_in_needed', { details: { scopes } })
    : new AppError('microsoft.unavailable');
}
