import { Button, makeStyles, Switch, Tooltip, tokens } from '@fluentui/react-components';
import { PlugDisconnectedRegular } from '@fluentui/react-icons/svg/plug-disconnected';
import { useState } from 'react';
import type { ConnectivityCheck } from '../../contract/mailbox-connectivity.ts';
import type { Organization } from '../../contract/organizations.ts';
import { isAuthorized } from '../../domain/consent/consent-state.ts';
import type { CheckId } from '../../domain/ids.ts';
import type { Capability } from '../../domain/mailbox-access/capability.ts';
import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';
import { useSignIn } from '../auth/sign-in-context.ts';
import { ConsentSection } from '../features/consent/ConsentSection.tsx';
import { useConsent } from '../features/consent/use-consent.ts';
import { CheckButton } from '../features/mailbox-connectivity/CheckButton.tsx';
import { CheckDrawer } from '../features/mailbox-connectivity/CheckDrawer.tsx';
import { CheckSection } from '../features/mailbox-connectivity/CheckSection.tsx';
import { GroupCheckDialog } from '../features/mailbox-connectivity/GroupCheckDialog.tsx';
import { useStartCheck } from '../features/mailbox-connectivity/use-check-commands.ts';
import { useLatestCheck } from '../features/mailbox-connectivity/use-connectivity-check.ts';
import { ScopeSection } from '../features/mailbox-scope/ScopeSection.tsx';
import { useMailboxScope } from '../features/mailbox-scope/use-mailbox-scope.ts';
import { ApplicationLine } from '../features/organizations/ApplicationLine.tsx';
import { FeatureSection } from '../features/organizations/FeatureSection.tsx';
import { OrganizationsTable } from '../features/organizations/OrganizationsTable.tsx';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { RequestRateSection } from '../features/request-rate/RequestRateSection.tsx';
import { useSession } from '../features/session/use-session.ts';
import { addressOf } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';
import { ShownApplicationContext } from '../shown-application.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { goToSection } from '../ui/go-to-section.ts';
import { Page } from '../ui/Page.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { useToast } from '../ui/toast.tsx';
import { useRemembered } from '../ui/use-remembered.ts';
import { useRemoveGrants } from './use-remove-grants.ts';

/** May the application read the mailboxes of an organization, and does it? */
export function ConnectivityPage() {
  const { place, go } = usePlace();
  const { data: organizations } = useOrganizations();
  const isGrantedFor = ({ organizationId }: ConnectivityCheck) =>
    organizations?.some(({ id, consentState }) => id === organizationId && isAuthorized(consentState)) ?? false;
  return (
    <>
      <ConnectivityOfPlace />
      {place.checkId && (
        <CheckDrawer
          checkId={place.checkId}
          isGrantedFor={isGrantedFor}
          onOpen={(checkId) => go({ ...place, checkId })}
          onClose={() => go({ ...place, checkId: undefined })}
        />
      )}
    </>
  );
}

function ConnectivityOfPlace() {
  const { connectivity: words, overview } = useTexts();
  const { place, go } = usePlace();
  const query = useOrganizations();
  return (
    <QueryView query={query}>
      {(organizations) => {
        // Consent and checks are for organizations on Microsoft Graph: where there is only one, nobody has to choose.
        const onGraph = organizations.filter(({ connectionType }) => connectionType === 'graph_app_only');
        const only = onGraph.length === 1 ? onGraph[0] : undefined;
        const picked = organizations.find(({ id }) => id === place.organizationId) ?? only;
        if (picked?.connectionType === 'graph_app_only') {
          return (
            <ShownApplicationContext value={picked}>
              <Connectivity key={picked.id} organization={picked} onGraph={onGraph} />
            </ShownApplicationContext>
          );
        }
        if (picked) {
          return (
            <Page title={words.titleOf(picked.name)}>
              <EmptyState Icon={PlugDisconnectedRegular} title={words.notGraph} text={words.notGraphText} />
            </Page>
          );
        }
        if (onGraph.length === 0) {
          return (
            <Page title={words.title}>
              <EmptyState
                Icon={PlugDisconnectedRegular}
                title={words.emptyTitle}
                text={words.emptyText}
                action={
                  <Button appearance="primary" onClick={() => go({ page: 'organizations' })}>
                    {overview.createFirst}
                  </Button>
                }
              />
            </Page>
          );
        }
        return (
          <Page title={words.chooseTitle} facts={words.chooseText}>
            <OrganizationsTable
              organizations={onGraph}
              hrefOf={(organizationId) => addressOf({ page: 'connectivity', organizationId })}
              onOpen={(organizationId) => go({ page: 'connectivity', organizationId })}
            />
          </Page>
        );
      }}
    </QueryView>
  );
}

const useStyles = makeStyles({
  sections: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXXL },
});

interface ConnectivityProps {
  readonly organization: Organization;
  /** Every organization on Microsoft Graph: those with the same application share what is granted to it. */
  readonly onGraph: readonly Organization[];
}

function Connectivity({ organization, onGraph }: ConnectivityProps) {
  const styles = useStyles();
  const { check: words, connectivity, users } = useTexts();
  const toast = useToast();
  const { place, go } = usePlace();
  const session = useSession();
  const { getGraphToken } = useSignIn();
  const check = useLatestCheck(organization.id);
  const start = useStartCheck();
  const { consent, verify } = useConsent(organization.id);
  const { data: scope } = useMailboxScope();
  const removeGrants = useRemoveGrants(verify.mutateAsync);
  const [isCheckOnly, setCheckOnly] = useRemembered('check-only');
  const [isChoosingGroup, setChoosingGroup] = useState(false);
  const isGranted = isAuthorized(organization.consentState);
  const changeConnection = !isCheckOnly;
  const usersOf = (capability: Capability) =>
    onGraph
      .filter(({ registration }) => registration === organization.registration)
      .reduce((sum, { capabilities, userCount }) => sum + (capabilities.includes(capability) ? userCount : 0), 0);
  const placeOfCheck = (checkId: CheckId) => ({ ...place, page: 'connectivity', checkId }) as const;

  return (
    <Page
      title={connectivity.titleOf(organization.name)}
      actions={
        <>
          <Tooltip content={words.checkOnlyHint} relationship="description" withArrow>
            <Switch
              label={words.checkOnly}
              checked={isCheckOnly}
              disabled={check.isRunning}
              onChange={(_, { checked }) => setCheckOnly(checked)}
            />
          </Tooltip>
          <CheckButton
            organization={organization}
            appearance={isGranted ? 'primary' : 'secondary'}
            isRunning={check.isRunning || start.isPending}
            isDirectoryOffered={getGraphToken !== undefined}
            onEverybody={() =>
              start.mutate(
                { organizationId: organization.id, changeConnection },
                { onSettled: () => goToSection('check') },
              )
            }
            onGroup={() => setChoosingGroup(true)}
          />
        </>
      }
    >
      <div className={styles.sections}>
        <ApplicationLine organization={organization} />
        <ConsentSection
          organization={organization}
          usersOf={usersOf}
          mayConsent={session.data?.admin.mayConsent ?? 'unknown'}
          mailboxes={scope?.reach?.mailboxes}
          limitedTo={scope?.intent?.mechanism === 'role_assignments' ? scope.intent.group.displayName : undefined}
        />
        <FeatureSection organization={organization} permissions={consent.data?.permissions ?? []} />
        <ScopeSection {...(removeGrants ? { onRemoveGrants: removeGrants } : {})} />
        <CheckSection
          organizationId={organization.id}
          check={check}
          start={start}
          isGranted={isGranted}
          linksOf={({ organizationId }) => {
            const placeOf = (status: AccessStatus | undefined) =>
              ({ page: 'users', organizationId: organizationId ?? undefined, status }) as const;
            return {
              hrefOf: (status) => addressOf(placeOf(status)),
              onOpen: (status) => go(placeOf(status)),
            };
          }}
          hrefOf={(checkId) => addressOf(placeOfCheck(checkId))}
          onOpen={(checkId) => go(placeOfCheck(checkId))}
          onToConsent={() => goToSection('consent')}
        />
        <RequestRateSection />
      </div>
      {isChoosingGroup && (
        <GroupCheckDialog
          organization={organization}
          changeConnection={changeConnection}
          onStarted={({ total }) => {
            setChoosingGroup(false);
            toast(users.done.checkStarted(total), { intent: 'info' });
          }}
          onClose={() => setChoosingGroup(false)}
        />
      )}
    </Page>
  );
}
