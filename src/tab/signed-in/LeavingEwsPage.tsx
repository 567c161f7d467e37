import { makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { EwsCockpit } from '../../contract/ews-migrations.ts';
import { isOpenMigration } from '../../domain/ews-migration/migration-state.ts';
import { CountdownPanel } from '../features/ews-migrations/CountdownPanel.tsx';
import { EwsOrganizations } from '../features/ews-migrations/EwsOrganizations.tsx';
import { ExchangeSection } from '../features/ews-migrations/ExchangeSection.tsx';
import { MigrationSection } from '../features/ews-migrations/MigrationSection.tsx';
import { StartMigrationDialog } from '../features/ews-migrations/StartMigrationDialog.tsx';
import { isMoving, useEwsCockpit, useEwsMigrations } from '../features/ews-migrations/use-ews-migrations.ts';
import { usePlace } from '../shell/use-place.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { Page } from '../ui/Page.tsx';
import { QueryView } from '../ui/QueryView.tsx';
import { Section } from '../ui/Section.tsx';

const useStyles = makeStyles({
  sections: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXXL },
});

/** How long Exchange Web Services last, who is still on them, and the way off. */
export function LeavingEwsPage() {
  const styles = useStyles();
  const { ews: words } = useTexts();
  const { place } = usePlace();
  const migrations = useEwsMigrations();
  const cockpit = useEwsCockpit({ isMoving: migrations.data?.some(isMoving) ?? false });
  const [starting, setStarting] = useState<EwsCockpit['organizations'][number]>();
  const isPicked = (organizationId: string) => !place.organizationId || place.organizationId === organizationId;
  return (
    <Page title={words.title}>
      <QueryView query={cockpit}>
        {(data) => (
          <div className={styles.sections}>
            <CountdownPanel cockpit={data} />
            <Section title={words.organizations.title} anchor="organizations">
              <EwsOrganizations
                organizations={data.organizations.filter(({ id }) => isPicked(id))}
                isUnderWay={(id) =>
                  migrations.data?.some(
                    ({ organizationId, state }) => organizationId === id && isOpenMigration(state),
                  ) ?? false
                }
                onStart={setStarting}
              />
            </Section>
            <QueryView query={migrations}>
              {(list) =>
                list
                  .filter(({ organizationId }) => isPicked(organizationId))
                  .map((migration) => <MigrationSection key={migration.id} migration={migration} />)
              }
            </QueryView>
            <ExchangeSection cockpit={data} />
            {starting && (
              <StartMigrationDialog
                organization={starting}
                ewsAppId={data.ewsAppId}
                onClose={() => setStarting(undefined)}
              />
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
}
