import { connectionWords, mailboxStatusWords, statusWords } from '../../../contract/list-words.ts';
import { reasonWords } from '../../../contract/reasons.ts';
import type { User } from '../../../contract/users.ts';

interface UserColumn {
  /** The name of the member in JSON. */
  readonly key: string;
  /** The heading in a table. */
  readonly heading: string;
  /** Null where nothing is known. */
  readonly value: (user: User) => string | null;
}

/** What every exported file says about a user, in this order and in the words of the list. */
export const userColumns: readonly UserColumn[] = [
  { key: 'name', heading: 'Name', value: (user) => user.displayName },
  { key: 'userPrincipalName', heading: 'User principal name', value: (user) => user.userPrincipalName },
  { key: 'address', heading: 'Address', value: (user) => user.mail },
  { key: 'organization', heading: 'Organization', value: (user) => user.organizationName },
  { key: 'connection', heading: 'Connection', value: (user) => connectionWords[user.connectionType] },
  { key: 'mailboxStatus', heading: 'Mailbox Status', value: (user) => mailboxStatusWords[user.mailboxState] },
  { key: 'status', heading: 'Status', value: (user) => statusWords[user.access.status] },
  { key: 'reason', heading: 'Reason', value: ({ access }) => access.reason && reasonWords[access.reason].title },
  { key: 'checkedAt', heading: 'Checked at (UTC)', value: ({ access }) => access.checkedAt },
];
