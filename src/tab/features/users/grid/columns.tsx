import type { User } from '../../../../contract/users.ts';
import type { Texts } from '../../../texts/en.ts';
import type { Format } from '../../../texts/format.ts';
import { Initials } from '../../../ui/Initials.tsx';
import { MailboxStateLabel } from '../../../ui/MailboxStateLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { StatusLabel } from '../../../ui/StatusLabel.tsx';

export type ColumnId =
  | 'status'
  | 'name'
  | 'address'
  | 'organization'
  | 'connection'
  | 'mailboxStatus'
  | 'issues'
  | 'lastCheck';

export interface Column {
  readonly id: ColumnId;
  /** One track of `grid-template-columns`. */
  readonly track: string;
  /** The narrowest grid, in pixels, that shows the column. */
  readonly from: number;
  render(user: User, words: { readonly texts: Texts; readonly format: Format }): React.ReactNode;
}

/** Status comes first: it answers the question. What a narrow grid leaves out, the details have. */
export const columns: readonly Column[] = [
  {
    id: 'status',
    track: '160px',
    from: 480,
    render: (user) => <StatusLabel status={user.access.status} />,
  },
  {
    id: 'name',
    track: 'minmax(160px, 2fr)',
    from: 0,
    render: (user) => (
      <>
        <Initials name={user.displayName} />
        {user.displayName}
      </>
    ),
  },
  { id: 'address', track: 'minmax(160px, 2fr)', from: 820, render: (user) => user.mail ?? user.userPrincipalName },
  { id: 'organization', track: 'minmax(116px, 1.1fr)', from: 1200, render: (user) => user.organizationName },
  {
    id: 'connection',
    track: '128px',
    from: 1000,
    render: (user, { texts }) => texts.connection[user.connectionType],
  },
  {
    id: 'mailboxStatus',
    track: '136px',
    from: 560,
    render: (user) => <MailboxStateLabel state={user.mailboxState} />,
  },
  {
    id: 'issues',
    track: '72px',
    from: 900,
    render: (user, { format }) => format.number(user.openIssues),
  },
  {
    id: 'lastCheck',
    track: '96px',
    from: 720,
    render: (user, { texts }) => (user.access.checkedAt ? <Moment at={user.access.checkedAt} /> : texts.common.never),
  },
];

export function columnsFor(width: number): readonly Column[] {
  return columns.filter((column) => width >= column.from);
}
