import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import { wordsOfSyncReason } from '../../../../contract/sync-reasons.ts';
import type { SyncError } from '../../../../contract/users.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { useSourceWords } from './use-source-words.ts';

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  panel: { display: 'grid', gap: tokens.spacingVerticalXS, paddingBlockEnd: tokens.spacingVerticalM },
});

/** The lines under a user's details; choosing one tells what is behind it. */
export function SyncErrors({ errors }: { errors: readonly SyncError[] }) {
  const styles = useStyles();
  const { users } = useTexts();
  const words = users.details;
  if (errors.length === 0) return <Text className={styles.quiet}>{words.noSyncErrors}</Text>;
  return (
    <Accordion collapsible multiple>
      {errors.map((error) => (
        <AccordionItem key={keyOf(error)} value={keyOf(error)}>
          <AccordionHeader expandIconPosition="end">
            {error.resolvedAt ? (
              <IconLabel Icon={CheckmarkCircleFilled} color={tokens.colorPaletteGreenForeground1}>
                {error.title} · {words.resolved}
              </IconLabel>
            ) : (
              <IconLabel Icon={WarningFilled} color={tokens.colorPaletteYellowForeground2}>
                {error.title}
              </IconLabel>
            )}
          </AccordionHeader>
          <AccordionPanel>
            <SyncErrorPanel error={error} />
          </AccordionPanel>
        </AccordionItem>
      ))}
    </Accordion>
  );
}

const keyOf = ({ kind, reason, firstSeenAt }: SyncError) => `${kind} ${reason} ${firstSeenAt}`;

/** What happened and where, what to do about it, who can, and how often it was seen. */
function SyncErrorPanel({ error }: { error: SyncError }) {
  const styles = useStyles();
  const { users, sync, fixedBy } = useTexts();
  const sourceOf = useSourceWords();
  const words = error.reason ? wordsOfSyncReason(error.reason) : undefined;
  const kind =
    error.kind === 'connection_switching' || error.kind === 'connection_kept'
      ? sync.connectionType
      : sync.category[error.kind];
  return (
    <div className={styles.panel}>
      {words ? (
        <>
          <Text>
            {words.title[0]?.toUpperCase()}
            {words.title.slice(1)}.
          </Text>
          <Text>
            <strong>{users.details.whatToDo}:</strong> {words.remedy}
          </Text>
          <Text size={200} className={styles.quiet}>
            {sync.whoFixes}: {fixedBy[words.fixedBy]}
          </Text>
        </>
      ) : (
        <Text>{error.detail}</Text>
      )}
      <Text size={200} className={styles.quiet}>
        {[kind, error.source && sourceOf(error.source)].filter(Boolean).join(' · ')}
      </Text>
      <Text size={200} className={styles.quiet}>
        {sync.seen(error.count)} · {sync.firstSeen} <Moment at={error.firstSeenAt} /> · {sync.lastSeen}{' '}
        <Moment at={error.lastSeenAt} />
      </Text>
    </div>
  );
}
