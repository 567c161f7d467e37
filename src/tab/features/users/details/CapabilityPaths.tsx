import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { MailboxAccess } from '../../../../contract/mailbox-scope.ts';
import { outcomeOfReason } from '../../../../domain/mailbox-access/reason.ts';
import { useFormat, useTexts } from '../../../texts/texts-context.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';

type CapabilityAccess = MailboxAccess['capabilities'][number];

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** What the access rule says of one feature, by which paths, and whether the live call said otherwise. */
export function CapabilityPaths({ access }: { access: CapabilityAccess }) {
  const styles = useStyles();
  const { access: words } = useTexts();
  const { list } = useFormat();
  const { predicted, because, paths } = access;
  const ways = paths.map(({ via, name, scope }) => words.path[via](name, scope));
  const why = predicted === 'reachable' && ways.length > 0 ? list(ways) : (words.because[because] ?? because);
  const difference = differenceOf(access);
  return (
    <div className={styles.root}>
      <Text size={200} className={styles.quiet}>
        {words.predicted[predicted]}
        {why && `: ${why}`}
      </Text>
      {difference && (
        <>
          <IconLabel Icon={WarningFilled} color={tokens.colorPaletteYellowForeground2}>
            {words.differs[difference]}
          </IconLabel>
          <Text size={200} className={styles.quiet}>
            {words.differsText}
          </Text>
        </>
      )}
    </div>
  );
}

/** Only a call that was answered, and a rule that could tell, can differ. */
function differenceOf({ predicted, reason }: CapabilityAccess): 'opened' | 'refused' | undefined {
  const outcome = reason && outcomeOfReason[reason];
  if (predicted === 'closed' && outcome === 'connected') return 'opened';
  if (predicted === 'reachable' && outcome === 'denied') return 'refused';
  return undefined;
}
