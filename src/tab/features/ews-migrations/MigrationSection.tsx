import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { DocumentRegular } from '@fluentui/react-icons/svg/document';
import { useState } from 'react';
import type { EwsMigration } from '../../../contract/ews-migrations.ts';
import { isOpenMigration } from '../../../domain/ews-migration/migration-state.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Section } from '../../ui/Section.tsx';
import { RingRow } from './RingRow.tsx';
import { useMigrationCommands } from './use-ews-migrations.ts';

const useStyles = makeStyles({
  rings: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', margin: 0, padding: 0, listStyleType: 'none' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** A migration with its rings: progress, holds, and what an admin can decide. */
export function MigrationSection({ migration }: { migration: EwsMigration }) {
  const styles = useStyles();
  const { ews: words } = useTexts();
  const { steer, report } = useMigrationCommands();
  const [isCancelling, setCancelling] = useState(false);
  const { id: migrationId, state, rings } = migration;
  const news = rings.findLast((ring) => ring.state !== 'planned');
  return (
    <Section
      title={words.migration.title(migration.organizationName)}
      actions={
        <>
          {state === 'running' && (
            <Button disabledFocusable={steer.isPending} onClick={() => steer.mutate({ migrationId, wish: 'pause' })}>
              {words.migration.pause}
            </Button>
          )}
          {state === 'paused' && (
            <Button
              appearance="primary"
              disabledFocusable={steer.isPending}
              onClick={() => steer.mutate({ migrationId, wish: 'resume' })}
            >
              {words.migration.resume}
            </Button>
          )}
          {isOpenMigration(state) && <Button onClick={() => setCancelling(true)}>{words.migration.cancel}</Button>}
          <Button
            icon={<DocumentRegular />}
            disabledFocusable={report.isPending}
            onClick={() => report.isPending || report.mutate(migrationId)}
          >
            {report.isPending ? words.migration.reporting : words.migration.report}
          </Button>
        </>
      }
    >
      {isCancelling ? (
        <ConfirmDialog
          open
          title={words.migration.cancelTitle}
          text={words.migration.cancelText}
          action={words.migration.cancel}
          isPending={steer.isPending}
          error={steer.error}
          onConfirm={() => steer.mutate({ migrationId, wish: 'cancel' }, { onSuccess: () => setCancelling(false) })}
          onCancel={() => setCancelling(false)}
        />
      ) : (
        <CommandErrorBar mutation={steer} />
      )}
      <CommandErrorBar mutation={report} />
      {news && <Announcer text={words.ringLine.announce(words.ring[news.name], words.ringState[news.state])} />}
      <Panel>
        <Text className={styles.quiet}>
          {words.migrationState[state]} · {words.migration.facts(migration)} <Moment at={migration.createdAt} />
        </Text>
        <ul className={styles.rings} aria-label={words.migration.rings}>
          {rings.map((ring) => (
            <RingRow key={ring.name} migration={migration} ring={ring} />
          ))}
        </ul>
      </Panel>
    </Section>
  );
}
