import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { Answer } from '../../contract/endpoint.ts';
import type { getOverview } from '../../contract/overview.ts';
import type { AccessStatus } from '../../domain/mailbox-access/verdict.ts';
import { CheckTrend } from '../features/mailbox-connectivity/CheckTrend.tsx';
import { ConsentPausedBar, waitsForConsent } from '../features/mailbox-connectivity/ConsentPausedBar.tsx';
import { ScopeLeak } from '../features/mailbox-scope/LeakBar.tsx';
import { NewOrganizationDrawer } from '../features/organizations/NewOrganizationDrawer.tsx';
import { useOrganizations } from '../features/organizations/use-organizations.ts';
import { StageCards } from '../features/overview/StageCards.tsx';
import { useOverview } from '../features/overview/use-overview.ts';
import { addressOf } from '../shell/place.ts';
import { usePlace } from '../shell/use-place.ts';
import { ShownApplicationContext } from '../shown-application.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { CauseList } from '../ui/CauseList.tsx';
import { ErrorBar } from '../ui/ErrorBar.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Page } from '../ui/Page.tsx';
import { Panel } from '../ui/Panel.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { Section } from '../ui/Section.tsx';
import { StatusSplit } from '../ui/StatusSplit.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { useStages } from './use-stages.tsx';
import { useTenantCheck } from './use-tenant-check.ts';

const useStyles = makeStyles({
  text: { color: tokens.colorNeutralForeground2 },
});

type Overview = Answer<typeof getOverview>;

/** Are we done, and what is next? */
export function OverviewPage() {
  const query = useOverview();
  const organizations = useOrganizations();
  const { go } = usePlace();
  const [isCreating, setCreating] = useState(false);
  const isFirst = organizations.data?.every(({ isDefault }) => isDefault) ?? false;
  const create = () => setCreating(true);
  return (
    <>
      <QueryView query={query} waiting={<Waiting rows={3} size={96} />}>
        {(overview) =>
          overview.total === 0 ? (
            <Invitation overview={overview} isFirst={isFirst} onCreate={create} />
          ) : (
            <Summary overview={overview} onCreate={create} />
          )
        }
      </QueryView>
      <NewOrganizationDrawer
        open={isCreating}
        onClose={() => setCreating(false)}
        onCreated={({ id }) => {
          setCreating(false);
          go({ page: 'organizations', organizationId: id });
        }}
      />
    </>
  );
}

/** Before anybody is here: the way, and the first step. */
function Invitation({ overview, isFirst, onCreate }: { overview: Overview; isFirst: boolean; onCreate: () => void }) {
  const { overview: words } = useTexts();
  const stages = useStages(overview, isFirst, onCreate, useTenantCheck());
  return (
    <Page title={words.emptyTitle} facts={words.emptyText}>
      <StageCards stages={stages} />
    </Page>
  );
}

function Summary({ overview, onCreate }: { overview: Overview; onCreate: () => void }) {
  const styles = useStyles();
  const { overview: words, check: checkWords } = useTexts();
  const { go } = usePlace();
  const { data: organizations = [] } = useOrganizations();
  // One of each application, also of those that the service is configured for only.
  const applications = [
    ...new Map(
      organizations
        .filter(({ connectionType, clientId }) => connectionType === 'graph_app_only' && clientId !== null)
        .map((one) => [one.registration, one]),
    ).values(),
  ];
  const tenantCheck = useTenantCheck();
  const { check, start, command } = tenantCheck;
  const isGranted = overview.stages.consent.isDone;
  const stages = useStages(overview, false, onCreate, tenantCheck);
  const { counts, total, causes, lastCheckAt } = overview;
  const attention = total - counts.working - counts.not_checked;
  const hrefOf = (status: AccessStatus) => addressOf({ page: 'users', status });
  const open = (status: AccessStatus) => go({ page: 'users', status });

  return (
    <Page
      title={words.sentence(counts.working, total)}
      facts={[
        attention > 0 && words.attention(attention),
        counts.not_checked > 0 && words.notChecked(counts.not_checked),
        counts.working === total && words.allDone,
      ]
        .filter(Boolean)
        .join(' ')}
      actions={
        <Text className={styles.text}>
          {lastCheckAt ? (
            <>
              {words.lastCheck} <Moment at={lastCheckAt} />
            </>
          ) : (
            words.noCheck
          )}
        </Text>
      }
    >
      {check && waitsForConsent(check) && (
        <ConsentPausedBar
          check={check}
          isGranted={isGranted}
          action={{
            text: isGranted ? words.open : checkWords.consentPaused.toConsent,
            onClick: () => go({ page: 'connectivity', organizationId: check.organizationId ?? undefined }),
          }}
        />
      )}
      {start.error && <ErrorBar error={start.error} />}
      {command.error && <ErrorBar error={command.error} />}
      {applications.map((organization) => (
        <ShownApplicationContext key={organization.registration} value={organization}>
          <ScopeLeak
            onOpen={() =>
              go({ page: 'connectivity', ...(organization.registration ? { organizationId: organization.id } : {}) })
            }
          />
        </ShownApplicationContext>
      ))}
      <StatusSplit counts={counts} total={total} hrefOf={hrefOf} onOpen={open} />
      <Section title={words.stages}>
        <StageCards stages={stages} />
      </Section>
      <Section title={words.needsAttention}>
        <Panel>
          {causes.length > 0 ? (
            <CauseList label={words.needsAttention} causes={causes} hrefOf={hrefOf} onOpen={open} />
          ) : (
            <Text>{words.nothingNeedsAttention}</Text>
          )}
        </Panel>
      </Section>
      <CheckTrend />
    </Page>
  );
}
