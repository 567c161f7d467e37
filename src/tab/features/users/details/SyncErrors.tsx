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
import type { SyncError } from '../../../../contract/users.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';

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
        <AccordionItem key={`${error.kind} ${error.firstSeenAt}`} value={`${error.kind} ${error.firstSeenAt}`}>
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
            <div className={styles.panel}>
              <Text>{error.detail}</Text>
              <Text size={200} className={styles.quiet}>
                {words.syncErrorKind[error.kind]} · {words.seen(error.count)} · <Moment at={error.lastSeenAt} />
              </Text>
            </div>
          </AccordionPanel>
        </AccordionItem>
      ))}
    </Accordion>
  );
}
