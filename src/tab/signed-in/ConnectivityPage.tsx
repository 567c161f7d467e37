import { Button, makeStyles, Switch, Tooltip, tokens } from '@fluentui/react-components';
import { PlugDisconnectedRegular } from '@fluentui/react-icons/svg/plug-disconnected';
import type { Organization } from '../../contract/organizations.ts';
import { isAuthorized } from '../../domain/consent/consent-state.ts';
import type { Capability } from '../../domain/mailbox-access/capability.ts';
import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';
import { ConsentSection } from '../features/consent/ConsentSection.tsx';
import { useConsent } from '../features/consent/use-consent.ts';
import { CheckSection } from '../features/mailbox-connectivity/CheckSection.tsx';
import { useConnectivityCheck } from '../features/mailbox-connectivity/use-connectivity-check.ts';
import { ScopeSection } from '../features/mailbox-scope/ScopeSection.tsx';
import { useMailboxScope } from '../features/mailbox-scope/use-mailbox-scope.ts';
import { FeatureSection } from '../features/organizations/FeatureSection.tsx';
import { OrganizationsTable } from '../features/organizations/OrganizationsTable.tsx';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { useSession } from '../features/session/use-session.ts';
import { addressOf } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { useRemembered } from '../ui/use-remembered.ts';
import { useRemoveGrants } from './use-remove-grants.ts';

/** May the application read the mailboxes of an organization, and does it? */
export function ConnectivityPage() {
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
          return <Connectivity key={picked.id} organization={picked} onGraph={onGraph} />;
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
  /** Every organization on Microsoft Graph: they share the application and what is granted to it. */
  readonly onGraph: readonly Organization[];
}

function Connectivity({ organization, onGraph }: ConnectivityProps) {
  const styles = useStyles();
  const { check: words, connectivity } = useTexts();
  const { go } = usePlace();
  const session = useSession();
  const check = useConnectivityCheck(organization.id);
  const { consent, verify } = useConsent(organization.id);
  const { data: scope } = useMailboxScope();
  const removeGrants = useRemoveGrants(verify.mutateAsync);
  const [isCheckOnly, setCheckOnly] = useRemembered('check-only');
  const why = organization.userCount === 0 ? words.nobody : undefined;
  const isOff = Boolean(why) || check.isRunning || check.start.isPending;
  const usersOf = (capability: Capability) =>
    onGraph.reduce((sum, { capabilities, userCount }) => sum + (capabilities.includes(capability) ? userCount : 0), 0);
  const placeOf = (status: AccessStatus | undefined) =>
    ({ page: 'users', organizationId: organization.id, status }) as const;

  const button = (
    <Button
      appearance={isAuthorized(organization.consentState) ? 'primary' : 'secondary'}
      disabledFocusable={isOff}
      onClick={() => check.start.mutate({ changeConnection: !isCheckOnly })}
    >
      {words.button}
    </Button>
  );
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
          {why ? (
            <Tooltip content={why} relationship="description" withArrow>
              {button}
            </Tooltip>
          ) : (
            button
          )}
        </>
      }
    >
      <div className={styles.sections}>
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
          check={check}
          hrefOf={(status) => addressOf(placeOf(status))}
          onOpen={(status) => go(placeOf(status))}
        />
      </div>
    </Page>
  );
}
