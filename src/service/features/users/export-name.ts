import type { UserFilter } from '../../../contract/users.ts';

interface Export {
  readonly organizationName: string | undefined;
  readonly filter: Omit<UserFilter, 'organizationId'>;
  readonly at: Date;
  readonly count: number;
}

/** `users_<organization>_<status>_<other filters>_<UTC time>_<count>`: a CSV file has no other place for what it holds. */
export function exportName({ organizationName, filter, at, count }: Export): string {
  const { status, search, connection, sync, mailboxState } = filter;
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  return [
    'users',
    organizationName === undefined ? 'all' : namePart(organizationName),
    status ? namePart(status) : 'all',
    ...(connection ? [`connection-${namePart(connection)}`] : []),
    ...(sync ? [`sync-${sync}`] : []),
    ...(mailboxState ? [`mailbox-${namePart(mailboxState)}`] : []),
    ...(search ? [`search-${namePart(search)}`] : []),
    time,
    count,
  ].join('_');
}

// What a file system, a header or a reader's eye takes for something else: \p{C} has the marks that turn text around.
const unfit = /[\p{C}\p{Z}"*/:<>?\\|;,%_.'~]+/gu;

function namePart(text: string): string {
  const fit = text.toWellFormed().normalize('NFC').replace(unfit, '-').replace(/^-+/, '');
  const short = [...fit].slice(0, 40).join('');
  return short.replace(/-+$/, '') || 'unnamed';
}
