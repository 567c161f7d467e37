import { answerApplication } from '../exchange/mailbox-access.ts';
import { letsUserAgent } from '../exchange/user-agents.ts';
import type { MailboxState, Person } from '../tenant/person.ts';
import { accessDenied, GraphError } from './graph-error.ts';
import type { Call, Operation } from './operation.ts';

/**
 * How Exchange answers for a mailbox that cannot be opened.
 * @see Microsoft Graph error responses; Limiting application permissions to specific Exchange Online mailboxes
 */
const errors: Record<Exclude<MailboxState, 'available'>, (user: string) => GraphError> = {
  notEnabled: () => notEnabled(),
  inactive: () => notEnabled(),
  onPremises: () => notEnabled(),
  undiscoverable: () => new GraphError(404, 'ResourceNotFound', 'Resource could not be discovered.'),
  notSupported: () =>
    new GraphError(404, 'MailboxNotSupportedForRESTAPI', 'REST API is not yet supported for this mailbox.'),
  provisioning: (user) => new GraphError(404, 'ErrorInvalidUser', `The requested user '${user}' is invalid.`),
  moving: () =>
    new GraphError(503, 'ErrorMailboxMoveInProgress', 'Mailbox move in progress. Try again later.', {
      'retry-after': '900',
    }),
  storeUnavailable: () =>
    new GraphError(503, 'ErrorMailboxStoreUnavailable', 'The mailbox database is temporarily unavailable.'),
  routingStale: (user) =>
    new GraphError(
      503,
      'MailboxInfoStale',
      `Target resource '${user}' hosted on database 'Unknown' is currently on backend 'Unknown'.`,
    ),
  blockedByPolicy: () => new GraphError(403, 'ErrorAccessDenied', 'Access to OData is disabled.'),
  outOfScope: () => accessDenied(),
};

const notEnabled = () =>
  new GraphError(
    404,
    'MailboxNotEnabledForRESTAPI',
    'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  );

/** @throws {GraphError} unless the mailbox is available */
export function checkMailbox(state: MailboxState, user: string): void {
  if (state !== 'available') throw errors[state](user);
}

/**
 * Asks Exchange whether an application may open a mailbox. What changed in Exchange shows only once its caches know.
 * @throws {GraphError} 403 ErrorAccessDenied, with the words of a policy or of a missing permission
 */
export function checkApplication({ permissions }: Operation, call: Call, person: Person | undefined): void {
  const { caller, tenant, world, request } = call;
  if (caller.kind !== 'application') return;
  const isLetIn = letsUserAgent(tenant.exchange.ews, request.headers['user-agent'] ?? '');
  if (world.settings.graphHonoursUserAgentPolicy && !isLetIn) throw errors.blockedByPolicy('');
  const asOf = new Date(world.clock.now().getTime() - world.settings.exchangePropagationSeconds * 1000);
  const answer = answerApplication(tenant.exchange, {
    appId: caller.appId,
    servicePrincipalId: tenant.grants.findServicePrincipal(caller.appId)?.id ?? '',
    permissions: permissions.application,
    roles: caller.roles,
    person,
    asOf,
  });
  if (answer === 'closed_by_policy') throw errors.blockedByPolicy('');
  if (answer === 'closed') throw accessDenied();
}
