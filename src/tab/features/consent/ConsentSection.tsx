import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Text,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { OpenRegular } from '@fluentui/react-icons/svg/open';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import { isAuthorized } from '../../../domain/consent/consent-state.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { ImpersonationLabel } from '../../ui/ImpersonationLabel.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { Section } from '../../ui/Section.tsx';
import { BeforeConsentDialog } from './BeforeConsentDialog.tsx';
import { ConsentAttemptBar } from './ConsentAttemptBar.tsx';
import { ConsentChangeBar } from './ConsentChangeBar.tsx';
import { ExcessBar } from './ExcessBar.tsx';
import { OtherPermissions } from './OtherPermissions.tsx';
import { PermissionTable } from './PermissionTable.tsx';
import { permissionRows } from './permission-rows.ts';
import { RoleChangeDialog } from './RoleChangeDialog.tsx';
import { useConsent } from './use-consent.ts';
import { useConsentAttempt } from './use-consent-attempt.ts';
import { useRoleChange } from './use-role-change.ts';

interface Props {
  readonly organization: Organization;
  /** Users that a feature serves in all organizations of the tenant: they share one application. */
  readonly usersOf: (capability: Capability) => number;
  readonly mayConsent: 'yes' | 'no' | 'unknown';
  /** Mailboxes of the tenant, as far as they are counted. */
  readonly mailboxes: number | undefined;
  /** The group that roles in Exchange limit the application to. */
  readonly limitedTo: string | undefined;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  state: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalL,
  },
  words: { display: 'grid', gap: tokens.spacingVerticalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The organization's consent: what holds, what is missing, and the way to Microsoft's dialog. */
export function ConsentSection({ organization, usersOf, mayConsent, mailboxes, limitedTo }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.consent;
  const { list } = useFormat();
  const service = useConsent(organization.id);
  const { consent: query, verify } = service;
  const { attempt, begin, finish, dismiss } = useConsentAttempt(service);
  const [isExplaining, setExplaining] = useState(false);
  const roles = useRoleChange(service);
  const focusTarget = useRestoreFocusTarget();
  const isBusy = attempt.step === 'window' || attempt.step === 'redeeming';

  const actions = (
    <>
      <Button
        appearance="subtle"
        icon={<ArrowClockwiseRegular />}
        disabledFocusable={verify.isPending}
        onClick={() => verify.mutate()}
      >
        {verify.isPending ? words.verifying : words.verify}
      </Button>
      <Button
        appearance={query.data && isAuthorized(query.data.state) ? 'secondary' : 'primary'}
        {...focusTarget}
        icon={<OpenRegular />}
        disabledFocusable={isBusy}
        onClick={() => setExplaining(true)}
      >
        {words.button}
      </Button>
    </>
  );
  return (
    <Section title={words.section} anchor="consent" actions={actions}>
      <div className={styles.root}>
        <ConsentAttemptBar
          attempt={attempt}
          onStartAgain={() => setExplaining(true)}
          onCheckAgain={finish}
          onVerify={() => {
            dismiss();
            verify.mutate();
          }}
        />
        {verify.error && <ErrorBar error={verify.error} onTryAgain={() => verify.mutate()} />}
        <QueryView query={query}>
          {(consent) => {
            const missing = consent.permissions.filter(
              ({ state, capability }) => (state === 'missing' || state === 'waiting') && capability,
            );
            const features = missing.flatMap(({ capability }) => (capability ? [texts.capability[capability]] : []));
            const rows = permissionRows(consent.permissions, roles.listed);
            return (
              <Panel>
                <ExcessBar rows={rows} canRemoveHere={roles.isOffered} />
                <div className={styles.head}>
                  <div className={styles.words}>
                    <span className={styles.state} role="status">
                      <ImpersonationLabel state={consent.state} isSentence />
                    </span>
                    <Text>
                      {consent.problem && consent.state !== 'waiting'
                        ? words.problem[consent.problem]
                        : words.state[consent.state]}
                    </Text>
                  </div>
                  <div className={styles.words}>
                    {consent.grantedBy && consent.grantedAt && (
                      <Text className={styles.quiet}>
                        {words.grantedBy(consent.grantedBy.displayName)} ·{' '}
                        <Moment at={consent.grantedAt} as="dateTime" />
                      </Text>
                    )}
                    <Text className={styles.quiet}>
                      {consent.verifiedAt ? (
                        <>
                          {words.verified} <Moment at={consent.verifiedAt} />
                          {consent.evidence && ` ${words.evidence[consent.evidence]}`}
                        </>
                      ) : (
                        words.neverVerified
                      )}
                    </Text>
                  </div>
                </div>
                {consent.change && <ConsentChangeBar change={consent.change} state={consent.state} />}
                {consent.state === 'partly_authorized' && features.length > 0 && (
                  <MessageBar intent="warning">
                    <MessageBarBody>{words.missingWarning(list(features))}</MessageBarBody>
                  </MessageBar>
                )}
                {rows.length > 0 && (
                  <PermissionTable
                    rows={rows}
                    needed={organization.capabilities}
                    usersOf={usersOf}
                    onChange={roles.isOffered ? roles.ask : undefined}
                  />
                )}
                <OtherPermissions roles={roles} evidence={consent.evidence} />
              </Panel>
            );
          }}
        </QueryView>
      </div>
      {roles.asked && (
        <RoleChangeDialog
          change={roles.asked}
          userCount={roles.asked.row.capability ? usersOf(roles.asked.row.capability) : 0}
          mayConsent={mayConsent}
          isPending={roles.isPending}
          failure={roles.failure}
          onConfirm={roles.confirm}
          onCancel={roles.cancel}
        />
      )}
      <BeforeConsentDialog
        open={isExplaining}
        mayConsent={mayConsent}
        capabilities={organization.capabilities}
        mailboxes={mailboxes}
        limitedTo={limitedTo}
        onCancel={() => setExplaining(false)}
        onGo={() => {
          setExplaining(false);
          void begin();
        }}
      />
    </Section>
  );
}
