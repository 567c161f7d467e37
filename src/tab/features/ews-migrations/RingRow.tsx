import {
  Badge,
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  ProgressBar,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { EwsMigration, MigrationRing } from '../../../contract/ews-migrations.ts';
import { hasBegun, isOpenMigration, mayReturn } from '../../../domain/ews-migration/migration-state.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { WhyOff } from '../../ui/WhyOff.tsx';
import { MigrantSplit } from './MigrantSplit.tsx';
import { MigrantsDrawer } from './MigrantsDrawer.tsx';
import { type RingWish, useMigrationCommands } from './use-ews-migrations.ts';

interface Props {
  readonly migration: EwsMigration;
  readonly ring: MigrationRing;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingVerticalS,
    paddingBlock: tokens.spacingVerticalM,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    ':first-child': { borderTop: 'none' },
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

const badgeOf = {
  planned: 'subtle',
  switching: 'informative',
  proved: 'success',
  held: 'danger',
  accepted: 'warning',
  returning: 'informative',
  returned: 'warning',
} as const;

/** One ring: how it stands, where its users are, why it holds, and what can be done. */
export function RingRow({ migration, ring }: Props) {
  const styles = useStyles();
  const { ews: words } = useTexts();
  const { steerRing } = useMigrationCommands();
  const [isReturning, setReturning] = useState(false);
  const [showsUsers, setShowsUsers] = useState(false);
  const { name, state, heldBecause, check, counts, total } = ring;
  const lines = words.ringLine;
  const isOpen = isOpenMigration(migration.state);
  const mayGoAgain = migration.state === 'running' && (state === 'held' || state === 'returned');
  const refusal = migration.returnRefusal;
  const steer = (wish: RingWish, onSuccess?: () => void) =>
    steerRing.mutate({ migrationId: migration.id, ring: name, wish }, onSuccess ? { onSuccess } : {});
  const button = (wish: RingWish, label: string) => (
    <Button
      size="small"
      aria-label={lines.forRing(label, words.ring[name])}
      disabledFocusable={steerRing.isPending}
      onClick={() => steer(wish)}
    >
      {label}
    </Button>
  );
  return (
    <li className={styles.root}>
      <div className={styles.line}>
        <Subtitle2 as="h3">{words.ring[name]}</Subtitle2>
        <Badge appearance="tint" color={badgeOf[state]}>
          {words.ringState[state]}
        </Badge>
        <Text className={styles.quiet}>{lines.total(total)}</Text>
      </div>
      {heldBecause && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{lines.held(heldBecause)}</MessageBarBody>
        </MessageBar>
      )}
      {state === 'returned' && <Text>{lines.returned}</Text>}
      {state === 'switching' && <Progress check={check} label={words.ringState.switching} />}
      <MigrantSplit ring={ring} />
      <div className={styles.line}>
        {mayGoAgain && button('again', lines.again)}
        {isOpen && state === 'held' && hasBegun(ring) && button('accept', lines.accept)}
        {mayReturn(ring) && (
          <ReturnButton
            label={lines.forRing(lines.back, words.ring[name])}
            why={refusal ? lines.noReturn[refusal] : undefined}
            onClick={() => setReturning(true)}
          />
        )}
        {hasBegun(ring) && (
          <Button
            size="small"
            appearance="subtle"
            aria-label={lines.forRing(lines.results, words.ring[name])}
            onClick={() => setShowsUsers(true)}
          >
            {lines.results}
          </Button>
        )}
      </div>
      {isReturning && (
        <ConfirmDialog
          open
          title={lines.returnTitle(words.ring[name])}
          text={lines.returnText(counts.on_graph)}
          action={lines.back}
          isPending={steerRing.isPending}
          error={steerRing.error}
          onConfirm={() => steer('return', () => setReturning(false))}
          onCancel={() => setReturning(false)}
        />
      )}
      {showsUsers && <MigrantsDrawer migrationId={migration.id} ring={name} onClose={() => setShowsUsers(false)} />}
    </li>
  );
}

function Progress({ check, label }: Pick<MigrationRing, 'check'> & { readonly label: string }) {
  const styles = useStyles();
  const { ringLine: words } = useTexts().ews;
  if (!check || check.state === 'queued') {
    return (
      <>
        <Text className={styles.quiet}>{words.waits}</Text>
        <ProgressBar aria-label={label} />
      </>
    );
  }
  return (
    <>
      <Text className={styles.quiet}>
        {check.state === 'paused' ? `${words.paused} · ${words.progress(check)}` : words.progress(check)}
      </Text>
      <ProgressBar aria-label={label} value={check.total === 0 ? 1 : check.done / check.total} />
    </>
  );
}

/** A button that cannot be used says why. */
function ReturnButton({ label, why, onClick }: { label: string; why: string | undefined; onClick: () => void }) {
  const { ringLine: words } = useTexts().ews;
  return (
    <WhyOff reason={why}>
      <Button size="small" aria-label={label} disabledFocusable={why !== undefined} onClick={onClick}>
        {words.back}
      </Button>
    </WhyOff>
  );
}
