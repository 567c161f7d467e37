import { Button, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { DismissCircleRegular } from '@fluentui/react-icons/svg/dismiss-circle';
import type { ReactNode } from 'react';
import type { UserCommandResult, UserCommandRun } from '../../../contract/user-commands.ts';
import { isOpen } from '../../../domain/mailbox-connectivity/run-state.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { CommandOutcomes } from './CommandOutcomes.tsx';
import { useCancelCommand } from './use-command-runs.ts';

interface Props {
  readonly run: UserCommandRun;
  readonly userLinkOf: (result: UserCommandResult) => ReactNode;
  readonly filterWordsOf: (filter: NonNullable<UserCommandRun['filter']>) => string;
}

const looksOf = {
  queued: 'waiting',
  running: 'waiting',
  pausing: 'waiting',
  paused: 'waiting',
  cancelling: 'waiting',
  completed: 'working',
  cancelled: 'not_checked',
  failed: 'blocked',
} as const satisfies Record<UserCommandRun['state'], unknown>;

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  count: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  end: { marginInlineStart: 'auto' },
});

/** How far a command is, what became of how many, and for whom it was. */
export function CommandRunView({ run, userLinkOf, filterWordsOf }: Props) {
  const styles = useStyles();
  const { common, userCommands: words } = useTexts();
  const cancel = useCancelCommand();
  const { state, done, total, filter, target } = run;
  const isRunning = isOpen(state);
  const left = total - done;
  const whom = !filter ? words.named : Object.keys(filter).length === 0 ? words.everybody : filterWordsOf(filter);
  return (
    <>
      <div className={styles.head}>
        <IconLabel {...statusAppearance[looksOf[state]]}>{words.state[state]}</IconLabel>
        <Text className={styles.count}>{words.progress(done, total)}</Text>
        {isRunning && (
          <Button
            className={styles.end}
            icon={<DismissCircleRegular />}
            disabledFocusable={state === 'cancelling' || cancel.isPending}
            onClick={() => cancel.mutate(run.id)}
          >
            {common.cancel}
          </Button>
        )}
      </div>
      {isRunning && <ProgressBar thickness="large" value={done} max={total} aria-label={words.state[state]} />}
      {cancel.error && <ErrorBar error={cancel.error} />}
      {state === 'failed' && <Text>{words.failedText}</Text>}
      {!isRunning && left > 0 && <Text>{words.notReached(left)}</Text>}
      <Section title={words.results}>
        <CommandOutcomes run={run} userLinkOf={userLinkOf} />
        {run.command === 'check' && done > 0 && <Text>{words.checksStarted}</Text>}
      </Section>
      <FactList
        facts={[
          { name: words.whom, value: whom },
          ...(target ? [{ name: words.target, value: target.name }] : []),
          {
            name: words.asked,
            value: (
              <>
                <Moment at={run.createdAt} /> · {run.startedBy.displayName}
              </>
            ),
          },
          ...(run.finishedAt ? [{ name: words.ended, value: <Moment at={run.finishedAt} /> }] : []),
        ]}
      />
      <Announcer text={`${words.state[state]} · ${words.progress(done, total)}`} />
    </>
  );
}
