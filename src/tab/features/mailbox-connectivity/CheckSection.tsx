import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { Section } from '../../ui/Section.tsx';
import { CheckProgress } from './CheckProgress.tsx';
import { CheckResult } from './CheckResult.tsx';
import { hasEnded, type useConnectivityCheck } from './use-connectivity-check.ts';

interface Props {
  readonly check: ReturnType<typeof useConnectivityCheck>;
  readonly hrefOf: (status: AccessStatus | undefined) => string;
  readonly onOpen: (status: AccessStatus | undefined) => void;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The check of all mailboxes: never run, running, or what it found. */
export function CheckSection({ check: { latest, start, cancel, isRunning }, hrefOf, onOpen }: Props) {
  const styles = useStyles();
  const { check: words } = useTexts();
  const cancelButton = (check: ConnectivityCheck) => (
    <Button
      disabledFocusable={cancel.isPending || check.state === 'cancelling'}
      onClick={() => cancel.mutate(check.id)}
    >
      {words.cancel}
    </Button>
  );
  return (
    <Section title={words.section} anchor="check" actions={isRunning && latest.data && cancelButton(latest.data)}>
      <div className={styles.root}>
        {start.error && <ErrorBar error={start.error} />}
        {cancel.error && <ErrorBar error={cancel.error} />}
        {start.data?.joined && isRunning && <Text>{words.joined}</Text>}
        <QueryView query={latest}>
          {(check) => (
            <Panel>
              {!check && <Text className={styles.quiet}>{words.never}</Text>}
              {check && !hasEnded(check.state) && <CheckProgress check={check} />}
              {check && hasEnded(check.state) && <CheckResult check={check} hrefOf={hrefOf} onOpen={onOpen} />}
            </Panel>
          )}
        </QueryView>
      </div>
    </Section>
  );
}
