import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { CheckCommands } from './CheckCommands.tsx';
import { CheckProgress } from './CheckProgress.tsx';
import { CheckResult } from './CheckResult.tsx';
import { ConsentPausedBar, waitsForConsent } from './ConsentPausedBar.tsx';
import type { CheckLinks } from './check-links.ts';
import { subjectOf } from './check-subject.ts';
import { useCheckCommand } from './use-check-commands.ts';
import { hasEnded } from './use-connectivity-check.ts';

interface Props {
  readonly check: ConnectivityCheck;
  /** Absent where the users may have changed since. */
  readonly links?: CheckLinks | undefined;
  /** The page says already whose mailboxes these are. */
  readonly isNamed?: boolean;
  readonly isGranted: boolean;
  readonly onToConsent?: (() => void) | undefined;
  readonly onRetried?: ((check: ConnectivityCheck) => void) | undefined;
}

const useStyles = makeStyles({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
  },
  words: { display: 'grid', minWidth: 0, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** One check, from its start to its result. */
export function CheckView({ check, links, isNamed, isGranted, onToConsent, onRetried }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.check;
  const command = useCheckCommand();
  const isEnded = hasEnded(check);
  const [wasOpen, setWasOpen] = useState(!isEnded);
  if (!isEnded && !wasOpen) setWasOpen(true);
  const subject = !isNamed && subjectOf(check, texts);
  const spoken = check.state === 'running' ? words.announce(check.done, check.total) : words.title[check.state];

  return (
    <>
      {waitsForConsent(check) && (
        <ConsentPausedBar
          check={check}
          isGranted={isGranted}
          action={onToConsent && !isGranted ? { text: words.consentPaused.toConsent, onClick: onToConsent } : undefined}
        />
      )}
      {isEnded ? (
        subject && <Text weight="semibold">{subject}</Text>
      ) : (
        <div className={styles.head}>
          <div className={styles.words}>
            <Text weight="semibold">{words.title[check.state]}</Text>
            {subject && <Text className={styles.quiet}>{subject}</Text>}
          </div>
          <CheckCommands check={check} command={command} />
        </div>
      )}
      {command.error && <ErrorBar error={command.error} />}
      {isEnded ? (
        <CheckResult check={check} links={links} onRetried={onRetried} />
      ) : (
        <CheckProgress check={check} links={links} />
      )}
      {wasOpen && <Announcer text={isEnded ? words.ended : spoken} />}
    </>
  );
}
