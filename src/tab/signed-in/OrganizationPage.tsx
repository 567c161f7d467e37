import { Button, Link, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import type { Organization } from '../../contract/organizations.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { ActivityTable } from '../features/activity/ActivityTable.tsx';
import { AssignmentRulesSection } from '../features/assignment-rules/AssignmentRulesSection.tsx';
import { ScopeDifferencesSection } from '../features/assignment-rules/ScopeDifferencesSection.tsx';
import { DeleteOrganizationButton } from '../features/organizations/DeleteOrganizationButton.tsx';
import { OrganizationGeneral } from '../features/organizations/OrganizationGeneral.tsx';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { AddUsersDialog } from '../features/provisioning/AddUsersDialog.tsx';
import { PlaceLink } from '../shell/PlaceLink.tsx';
import { addressOf } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { goToSection } from '../ui/go-to-section.ts';
import { ImpersonationLabel } from '../ui/ImpersonationLabel.tsx';
import { Page } from '../ui/Page.tsx';
import { Panel } from '../ui/Panel.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { Section } from '../ui/Section.tsx';
import { StatusSplit } from '../ui/StatusSplit.tsx';

const useStyles = makeStyles({
  anchors: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL },
  sections: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXXL },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalL },
});

/** One organization on one page: general, users, connectivity, activity. */
export function OrganizationPage({ organizationId }: { organizationId: OrganizationId }) {
  const { organizations: words } = useTexts();
  const query = useOrganizations();
  return (
    <QueryView query={query}>
      {(organizations) => {
        const organization = organizations.find(({ id }) => id === organizationId);
        if (organization) return <OrganizationSections organization={organization} />;
        return (
          <Page title={words.notFound}>
            <PlaceLink place={{ page: 'organizations' }}>{words.title}</PlaceLink>
          </Page>
        );
      }}
    </QueryView>
  );
}

function OrganizationSections({ organization }: { organization: Organization }) {
  const styles = useStyles();
  const { organizations: words, shell, users, assignmentRules } = useTexts();
  const { go } = usePlace();
  const [isAdding, setAdding] = useState(false);
  const focusTarget = useRestoreFocusTarget();
  const { id: organizationId, name, accessCounts, userCount, initializedCount, consentState } = organization;
  const anchors = [
    ['general', words.general],
    ['users', shell.users],
    ['rules', assignmentRules.title],
    ['connectivity', shell.connectivity],
    ['activity', shell.activity],
  ] as const;

  const userLinkOf = (userId: UserId, userName: string) => (
    <PlaceLink place={{ page: 'users', organizationId, userId }}>{userName}</PlaceLink>
  );

  return (
    <Page
      title={name}
      facts={
        <nav className={styles.anchors} aria-label={words.sections}>
          {anchors.map(([anchor, label]) => (
            <Link
              key={anchor}
              href={`#${anchor}`}
              onClick={(event) => {
                event.preventDefault();
                goToSection(anchor);
              }}
            >
              {label}
            </Link>
          ))}
        </nav>
      }
      actions={<DeleteOrganizationButton organization={organization} onDeleted={() => go({ page: 'organizations' })} />}
    >
      <div className={styles.sections}>
        <Section title={words.general} anchor="general">
          <Panel>
            <OrganizationGeneral organization={organization} />
          </Panel>
        </Section>
        <Section
          title={shell.users}
          anchor="users"
          actions={
            <>
              {userCount > 0 && <PlaceLink place={{ page: 'users', organizationId }}>{words.openUsers}</PlaceLink>}
              <Button {...focusTarget} icon={<AddRegular />} onClick={() => setAdding(true)}>
                {users.add}
              </Button>
            </>
          }
        >
          <Panel>
            <Text>
              {words.usersText(userCount)} {userCount > 0 && words.initializedOf(initializedCount, userCount)}
            </Text>
            {userCount > 0 && (
              <StatusSplit
                counts={accessCounts}
                total={userCount}
                hrefOf={(status) => addressOf({ page: 'users', organizationId, status })}
                onOpen={(status) => go({ page: 'users', organizationId, status })}
              />
            )}
          </Panel>
        </Section>
        <AssignmentRulesSection organization={organization} userLinkOf={userLinkOf} />
        <ScopeDifferencesSection
          organizationId={organizationId}
          limitLink={
            <PlaceLink place={{ page: 'connectivity', organizationId }}>
              {assignmentRules.differences.toLimit}
            </PlaceLink>
          }
          userLinkOf={userLinkOf}
        />
        <Section
          title={shell.connectivity}
          anchor="connectivity"
          actions={<PlaceLink place={{ page: 'connectivity', organizationId }}>{words.openConnectivity}</PlaceLink>}
        >
          <Panel>
            <ImpersonationLabel state={consentState} isSentence />
          </Panel>
        </Section>
        <Section
          title={shell.activity}
          anchor="activity"
          actions={<PlaceLink place={{ page: 'activity', organizationId }}>{words.openActivity}</PlaceLink>}
        >
          <ActivityTable organizationName={name} limit={5} />
        </Section>
      </div>
      <AddUsersDialog
        open={isAdding}
        organization={organization}
        connectivityLinkOf={(id) => (
          <PlaceLink place={{ page: 'connectivity', organizationId: id }}>{words.openConnectivity}</PlaceLink>
        )}
        onClose={() => setAdding(false)}
      />
    </Page>
  );
}
