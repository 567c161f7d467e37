import type { MailboxAccess } from '../../../contract/mailbox-scope.ts';

type AccessStep = MailboxAccess['steps'][number];

export const access = {
  section: 'Path of access',
  step: {
    entra_grant: 'Entra grant',
    policy: 'Policy',
    role_assignment: 'Exchange role',
    live_call: 'Live call',
  } satisfies Record<AccessStep['step'], string>,
  mark: {
    opens: 'Opens',
    closes: 'Closes',
    silent: 'No say',
    unknown: 'Unknown',
  } satisfies Record<AccessStep['mark'], string>,
  intended: {
    inside: 'Should be in reach.',
    outside: 'Should not be in reach.',
    not_limited: 'No limit is intended.',
  } satisfies Record<MailboxAccess['intended'], string>,
  read: 'Exchange was read',
  neverRead: 'What Exchange enforces was never read.',
  readLink: 'Read what Exchange enforces on the Connectivity page',
  predicted: {
    reachable: 'By the rule it opens',
    closed: 'By the rule it stays closed',
    unknown: 'The rule cannot tell',
  } satisfies Record<MailboxAccess['capabilities'][number]['predicted'], string>,
  because: {
    not_granted: 'neither Entra nor a role grants it',
    outside_assignment_scope: 'no scope of a role holds this mailbox',
    inside_deny_scope: 'a policy denies it to this mailbox',
    outside_restrict_scope: 'the policies allow other mailboxes only',
    inside_restrict_scope: 'the policies allow this mailbox',
    no_policy: 'no policy confines the grant',
    no_restrict_policy: 'no policy confines the grant here',
    filter_not_understood: 'the filter of a scope is not understood',
    members_unknown: 'the members of a group could not be listed',
    never_read: 'Exchange was never read',
  } as Readonly<Record<string, string>>,
  path: {
    entra_grant: (name: string, scope: string) =>
      `${name} in Entra, ${scope === 'restrict_policy' ? 'as the policies allow' : 'for the whole tenant'}`,
    role_assignment: (name: string, scope: string) => `role ${name} in Exchange, ${scope}`,
  } satisfies Record<MailboxAccess['capabilities'][number]['paths'][number]['via'], unknown>,
  differs: {
    opened: 'The rule says closed, and the call opened the mailbox.',
    refused: 'The rule says it opens, and the call was refused.',
  },
  differsText: 'A change may still be spreading, or something in Microsoft 365 has changed since it was read.',
  remedy: {
    exposed:
      'Take the mailbox out of reach: on the Connectivity page, see which grant or role opens it. Then check again.',
    waiting: 'Nothing to do yet. Check the mailbox again after the time that the Connectivity page names.',
  },
  exposedBecause: 'it is outside the limit',
};
