import { tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { PauseCircleRegular } from '@fluentui/react-icons/svg/pause-circle';
import type { ReactNode } from 'react';
import { wordsOfSyncReason } from '../../../../contract/sync-reasons.ts';
import type { User } from '../../../../contract/users.ts';
import { type UserColumn, userColumns } from '../../../../domain/users/user-list.ts';
import type { Texts } from '../../../texts/en.ts';
import type { Format } from '../../../texts/format.ts';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { Initials } from '../../../ui/Initials.tsx';
import { MailboxStateLabel } from '../../../ui/MailboxStateLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { StatusLabel } from '../../../ui/StatusLabel.tsx';

interface Column {
  /** The narrowest that the column can be read at, in pixels. */
  readonly minWidth: number;
  /** How it grows: the `max` of its track. */
  readonly grows: string;
  readonly isNumber?: true;
  render(user: User, words: { readonly texts: Texts; readonly format: Format }): ReactNode;
}

const enabled = { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 };
const disabled = { Icon: PauseCircleRegular, color: tokens.colorNeutralForeground3 };

/** Status comes first: it answers the question. */
export const columns: Readonly<Record<UserColumn, Column>> = {
  status: { minWidth: 128, grows: '160px', render: (user) => <StatusLabel status={user.access.status} /> },
  name: {
    minWidth: 200,
    grows: '2fr',
    render: (user) => (
      <>
        <Initials name={user.displayName} />
        {user.displayName}
      </>
    ),
  },
  address: { minWidth: 180, grows: '2fr', render: (user) => user.mail ?? user.userPrincipalName },
  organization: { minWidth: 100, grows: '1.1fr', render: (user) => user.organizationName },
  connection: { minWidth: 128, grows: '140px', render: (user, { texts }) => texts.connection[user.connectionType] },
  mailboxStatus: { minWidth: 144, grows: '152px', render: (user) => <MailboxStateLabel state={user.mailboxState} /> },
  synchronization: {
    minWidth: 92,
    grows: '108px',
    render: ({ syncEnabled }, { texts }) => (
      <IconLabel {...(syncEnabled ? enabled : disabled)}>
        {syncEnabled ? texts.organizations.enabled : texts.organizations.disabled}
      </IconLabel>
    ),
  },
  issues: {
    minWidth: 60,
    grows: '72px',
    isNumber: true,
    render: (user, { format }) => format.number(user.openIssues),
  },
  lastCheck: {
    minWidth: 96,
    grows: '104px',
    render: ({ access }, { texts }) => (access.checkedAt ? <Moment at={access.checkedAt} /> : texts.common.never),
  },
  lastSync: {
    minWidth: 84,
    grows: '96px',
    render: ({ lastSyncAt }, { texts }) => (lastSyncAt ? <Moment at={lastSyncAt} /> : texts.common.never),
  },
  createdAt: { minWidth: 84, grows: '96px', render: ({ createdAt }) => <Moment at={createdAt} /> },
  userId: { minWidth: 140, grows: '1fr', render: ({ id }) => id },
  license: {
    minWidth: 96,
    grows: '112px',
    render: ({ directory }, { texts: { users } }) => known(directory.isLicensed, users.licensed, users.notLicensed),
  },
  accountEnabled: {
    minWidth: 96,
    grows: '112px',
    render: ({ directory }, { texts: { users } }) =>
      known(directory.accountEnabled, users.accountEnabled, users.accountDisabled),
  },
  mailboxType: {
    minWidth: 100,
    grows: '1fr',
    render: ({ directory }, { texts: { users } }) =>
      directory.mailboxType === null ? notKnown : users.mailboxType[directory.mailboxType],
  },
  updatedAt: { minWidth: 88, grows: '96px', render: ({ updatedAt }) => <Moment at={updatedAt} /> },
  disabledDueTo: {
    minWidth: 160,
    grows: '2fr',
    render: ({ disabledDueTo }) => (disabledDueTo ? wordsOfSyncReason(disabledDueTo).title : ''),
  },
};

const notKnown = '–';
const known = (value: boolean | null, yes: string, no: string) => (value === null ? notKnown : value ? yes : no);

/** Which columns a narrow list keeps longest; those that were chosen beyond the usual ones were chosen for a reason. */
const importance: readonly UserColumn[] = [
  'name',
  'status',
  'mailboxStatus',
  'lastCheck',
  'disabledDueTo',
  'license',
  'accountEnabled',
  'mailboxType',
  'address',
  'organization',
  'connection',
  'issues',
  'synchronization',
  'lastSync',
  'userId',
  'updatedAt',
  'createdAt',
];

const toolsWidth = 44 + 48;

/** Those of the chosen columns for which there is room, in the order of the list. The name always shows. */
export function columnsThatFit(chosen: readonly UserColumn[], width: number): readonly UserColumn[] {
  let room = width - toolsWidth;
  const fitting = new Set<UserColumn>();
  for (const column of importance) {
    if (column !== 'name' && !chosen.includes(column)) continue;
    room -= columns[column].minWidth;
    if (column !== 'name' && room < 0) break;
    fitting.add(column);
  }
  return userColumns.filter((column) => fitting.has(column));
}

export function tracksOf(shown: readonly UserColumn[]): string {
  const tracks = shown.map((column) => `minmax(${columns[column].minWidth}px, ${columns[column].grows})`);
  return ['44px', ...tracks, '48px'].join(' ');
}
