import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { UserDetails as Details } from '../../../../contract/users.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { FactList } from '../../../ui/FactList.tsx';
import { MailboxStateLabel } from '../../../ui/MailboxStateLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { QueryView } from '../../../ui/QueryView.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Waiting } from '../../../ui/Waiting.tsx';
import { AccessPath } from './AccessPath.tsx';
import { CapabilityResults } from './CapabilityResults.tsx';
import { SyncErrors } from './SyncErrors.tsx';
import { SyncSessions } from './SyncSessions.tsx';
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
  /** The way to where Exchange is read. */
  readonly readLink: ReactNode;
}

/** The verdict first, then what it rests on. */
export function UserDetails({ user, readLink }: Props) {
  const styles = useStyles();
  const { access: accessWords, common, connection, sync, users } = useTexts();
  const words = users.details;
  const access = useMailboxAccess(user.id);
  return (
    <div className={styles.root}>
      <VerdictPanel user={user} />
      <Section title={accessWords.section}>
        <QueryView query={access} waiting={<Waiting rows={1} size={96} />}>
          {(known) => <AccessPath access={known} readLink={readLink} />}
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
      <Section title={words.sessions}>
        <SyncSessions sessions={user.syncSessions} />
      </Section>
      <Section
        title={words.technical}
        actions={
          <CopyButton text={JSON.stringify({ ...user, path: access.data }, null, 2)} label={words.copyJson}>
            {words.copyJson}
          </CopyButton>
        }
      >
        <FactList
          facts={[
            { name: words.objectId, value: user.id },
            { name: 'UPN', value: user.userPrincipalName },
          ]}
        />
      </Section>
    </div>
  );
}
