import { tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { PauseCircleRegular } from '@fluentui/react-icons/svg/pause-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import type { ReactNode } from 'react';
import type { Organization } from '../../../../contract/organizations.ts';
import {
  type OrganizationColumn,
  type OrganizationSyncStatus,
  organizationColumns,
  organizationSyncStatus,
} from '../../../../domain/organizations/organization-list.ts';
import type { Texts } from '../../../texts/en.ts';
import type { Format } from '../../../texts/format.ts';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { ImpersonationLabel } from '../../../ui/ImpersonationLabel.tsx';
import { MailboxSplit } from '../../../ui/MailboxSplit.tsx';
import { MailboxStateSplit } from '../../../ui/MailboxStateSplit.tsx';
import { Moment } from '../../../ui/Moment.tsx';

interface Column {
  /** The narrowest that the column can be read at, in pixels. */
  readonly minWidth: number;
  /** How it grows: the `max` of its track. */
  readonly grows: string;
  readonly isNumber?: true;
  render(organization: Organization, words: { readonly texts: Texts; readonly format: Format }): ReactNode;
}

const syncAppearance = {
  enabled: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  disabled: { Icon: PauseCircleRegular, color: tokens.colorNeutralForeground3 },
  not_synchronized: { Icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
} as const satisfies Record<OrganizationSyncStatus, unknown>;

/** All but the name, which holds a link and a badge. */
export const columns: Readonly<Record<OrganizationColumn, Column>> = {
  name: { minWidth: 160, grows: '2fr', render: ({ name }) => name },
  externalId: { minWidth: 108, grows: '1fr', render: ({ externalId }) => externalId },
  connection: {
    minWidth: 152,
    grows: '152px',
    render: ({ connectionType }, { texts }) => texts.connection[connectionType],
  },
  users: {
    minWidth: 84,
    grows: '84px',
    isNumber: true,
    render: ({ userCount }, { format }) => format.number(userCount),
  },
  mailboxStatus: {
    minWidth: 132,
    grows: '1fr',
    render: ({ mailboxCounts }) => <MailboxStateSplit counts={mailboxCounts} />,
  },
  mailboxes: { minWidth: 128, grows: '1fr', render: ({ accessCounts }) => <MailboxSplit counts={accessCounts} /> },
  synchronization: {
    minWidth: 164,
    grows: '164px',
    render: (organization, { texts }) => {
      const status = organizationSyncStatus(organization);
      return <IconLabel {...syncAppearance[status]}>{texts.organizations.syncStatus[status]}</IconLabel>;
    },
  },
  impersonationStatus: {
    minWidth: 168,
    grows: '1fr',
    render: ({ consentState }) => <ImpersonationLabel state={consentState} />,
  },
  lastCheck: {
    minWidth: 108,
    grows: '108px',
    render: ({ lastCheckAt }, { texts }) => (lastCheckAt ? <Moment at={lastCheckAt} /> : texts.common.never),
  },
  createdAt: { minWidth: 160, grows: '160px', render: ({ createdAt }) => <Moment at={createdAt} as="dateTime" /> },
};

/** Shown until the admin chooses. */
export const initialColumns: readonly OrganizationColumn[] = organizationColumns.filter((one) => one !== 'createdAt');

/** Which columns a narrow list keeps longest. */
const importance: readonly OrganizationColumn[] = [
  'name',
  'users',
  'synchronization',
  'impersonationStatus',
  'connection',
  'mailboxStatus',
  'mailboxes',
  'externalId',
  'lastCheck',
  'createdAt',
];

/** Of the checkbox before and of the actions behind. */
const toolWidth = 36;

/** Those of the chosen columns for which there is room, in the order of the list. The name always shows. */
export function columnsThatFit(chosen: readonly OrganizationColumn[], width: number): readonly OrganizationColumn[] {
  let room = width - 2 * toolWidth;
  const fitting = new Set<OrganizationColumn>();
  for (const column of importance) {
    if (column !== 'name' && !chosen.includes(column)) continue;
    room -= columns[column].minWidth;
    if (column !== 'name' && room < 0) break;
    fitting.add(column);
  }
  return organizationColumns.filter((column) => fitting.has(column));
}

export function tracksOf(shown: readonly OrganizationColumn[]): string {
  const tracks = shown.map((column) => `minmax(${columns[column].minWidth}px, ${columns[column].grows})`);
  return [`${toolWidth}px`, ...tracks, `${toolWidth}px`].join(' ');
}
