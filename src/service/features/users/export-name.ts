import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';

interface Export {
  readonly organizationName: string | undefined;
  readonly status: AccessStatus | undefined;
  readonly search: string | undefined;
  readonly at: Date;
  readonly count: number;
}

/** `users_<organization>_<status>_<search>_<UTC time>_<count>`: a CSV file has no other place for what it holds. */
export function exportName({ organizationName, status, search, at, count }: Export): string {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  return [
    'users',
    organizationName === undefined ? 'all' : namePart(organizationName),
    status ? namePart(status) : 'all',
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
