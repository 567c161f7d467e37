import type { Caller } from './caller.ts';
import { accessDenied, authorizationDenied } from './graph-error.ts';
import type { Operation } from './operation.ts';

/** Whether the caller holds one of the permissions. Of users, `User.Read` reaches the caller alone. */
export function holdsOneOf(caller: Caller, permissions: readonly string[], userId?: string): boolean {
  if (caller.kind === 'application') return permissions.some((permission) => caller.roles.includes(permission));
  return permissions.some(
    (permission) =>
      caller.scopes.includes(permission) &&
      (permission !== 'User.Read' || userId === undefined || isSelf(caller, userId)),
  );
}

/** @throws {GraphError} 403 when the token lacks the operation's permission */
export function checkPermission(caller: Caller, operation: Operation, userId?: string): void {
  const { application, delegated } = operation.permissions;
  // An application's way to a mailbox is for Exchange to decide: its own roles count there too.
  if (caller.kind === 'application' && operation.service === 'outlook') return;
  const denied = operation.service === 'outlook' ? accessDenied : authorizationDenied;
  if (!holdsOneOf(caller, caller.kind === 'application' ? application : delegated, userId)) throw denied();
  if (caller.kind === 'application') return;
  // Without a share, a user opens no mailbox but the own one, whatever the application may do.
  if (operation.service === 'outlook' && !isSelf(caller, userId)) throw accessDenied();
  if (caller.person.userType === 'Guest' && !isSelf(caller, userId)) throw authorizationDenied();
}

function isSelf(caller: Caller & { kind: 'delegated' }, userId: string | undefined): boolean {
  const asked = userId?.toLowerCase();
  return asked === caller.person.id || asked === caller.person.userPrincipalName.toLowerCase();
}
