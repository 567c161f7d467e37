import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { UserDetails as Details } from '../../../../contract/users.ts';
import type { CheckId, CommandRunId, OrganizationId } from '../../../../domain/ids.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { FactList } from '../../../ui/FactList.tsx';
import { MailboxStateLabel } from '../../../ui/MailboxStateLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { QueryView } from '../../../ui/QueryView.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Waiting } from '../../../ui/Waiting.tsx';
import { useUserHistory } from '../use-users.ts';
import { AccessPath } from './AccessPath.tsx';
import { CapabilityResults } from './CapabilityResults.tsx';
import { SyncErrors } from './SyncErrors.tsx';
import { SyncSessions } from './SyncSessions.tsx';
import { UserAudit, VerdictHistory } from './UserHistory.tsx';
import { useMailboxAccess } from './use-mailbox-access.ts';
import { VerdictPanel } from './VerdictPanel.tsx';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gap: tokens.spacingVerticalXXL,
    paddingBlock: `${tokens.spacingVerticalS} ${tokens.spacingVerticalXXL}`,
  },
});

interface Props {
  readonly user: Details;
  readonly links: UserLinks;
}

/** Ways from a user to what belongs to other pages. */
export interface UserLinks {
  /** From the user's organization to where Exchange is read. */
  readonly readLinkOf: (organizationId: OrganizationId) => ReactNode;
  readonly checkLinkOf: (checkId: CheckId, words: ReactNode) => ReactNode;
  readonly runLinkOf: (runId: CommandRunId, words: string) => ReactNode;
}

/** The verdict first, then what it rests on. */
export function UserDetails({ user, links }: Props) {
  const styles = useStyles();
  const { access: accessWords, common, connection, sync, users } = useTexts();
  const words = users.details;
  const access = useMailboxAccess(user.id);
  const history = useUserHistory(user.id);
  const { isLicensed, accountEnabled, mailboxType } = user.directory;
  const typeWords = mailboxType === null ? users.directoryUnknown : users.mailboxType[mailboxType];
  const licenseWords = isLicensed === null ? users.directoryUnknown : isLicensed ? users.licensed : users.notLicensed;
  const accountWords =
    accountEnabled === null ? users.directoryUnknown : accountEnabled ? users.accountEnabled : users.accountDisabled;
  return (
    <div className={styles.root}>
      <VerdictPanel user={user} />
      <Section title={accessWords.section}>
        <QueryView query={access} waiting={<Waiting rows={1} size={96} />}>
          {(known) => <AccessPath access={known} readLink={links.readLinkOf(user.organizationId)} />}
        </QueryView>
      </Section>
      <FactList
        facts={[
          { name: words.mailboxStatus, value: <MailboxStateLabel state={user.mailboxState} /> },
          { name: users.columns.connection, value: connection[user.connectionType] },
          { name: users.columns.organization, value: user.organizationName },
          { name: users.columns.address, value: user.mail ?? user.userPrincipalName },
          { name: words.lastSync, value: user.lastSyncAt ? <Moment at={user.lastSyncAt} /> : common.never },
          { name: sync.next, value: user.nextSyncAt ? <Moment at={user.nextSyncAt} /> : sync.notScheduled },
        ]}
      />
      <Section title={words.syncErrors}>
        <SyncErrors errors={user.syncErrors} />
      </Section>
      <Section title={words.capabilities}>
        <CapabilityResults results={user.capabilities} access={access.data?.capabilities ?? []} />
      </Section>
      <Section title={words.verdicts}>
        <QueryView query={history} waiting={<Waiting rows={2} size={40} />}>
          {({ verdicts }) => <VerdictHistory verdicts={verdicts} checkLinkOf={links.checkLinkOf} />}
        </QueryView>
      </Section>
      <Section title={words.sessions}>
        <SyncSessions sessions={user.syncSessions} />
      </Section>
      <Section title={words.audit}>
        {history.data && <UserAudit audit={history.data.audit} runLinkOf={links.runLinkOf} />}
      </Section>
      <Section
        title={words.technical}
        actions={
          <CopyButton
            text={JSON.stringify({ ...user, path: access.data, history: history.data }, null, 2)}
            label={words.copyJson}
          >
            {words.copyJson}
          </CopyButton>
        }
      >
        <FactList
          facts={[
            { name: words.objectId, value: user.id },
            { name: 'UPN', value: user.userPrincipalName },
            { name: users.columns.mailboxType, value: typeWords },
            { name: users.columns.license, value: licenseWords },
            { name: users.columns.accountEnabled, value: accountWords },
            { name: users.columns.createdAt, value: <Moment at={user.createdAt} as="dateTime" /> },
            { name: users.columns.updatedAt, value: <Moment at={user.updatedAt} as="dateTime" /> },
          ]}
        />
      </Section>
    </div>
  );
}
