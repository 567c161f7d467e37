import { Button, makeStyles, Subtitle2Stronger, Text, tokens } from '@fluentui/react-components';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { DriftBars } from './DriftBars.tsx';
import { EnforcedScope } from './EnforcedScope.tsx';
import type { TenantWideGrant } from './GrantsStep.tsx';
import { IntendedScope } from './IntendedScope.tsx';
import { hasLeak, LeakBar } from './LeakBar.tsx';
import { ProblemList } from './ProblemList.tsx';
import { ProveStep } from './ProveStep.tsx';
import { ReachLine } from './ReachLine.tsx';
import { ReadingAction } from './ReadingAction.tsx';
import { ScopeChangePanel, useChangeTitle } from './ScopeChangePanel.tsx';
import { UnionTrapBar } from './UnionTrapBar.tsx';
import { useScopeCommands } from './use-mailbox-scope.ts';
import { useScopeProof } from './use-scope-proof.ts';

interface Props {
  readonly scope: MailboxScope;
  readonly onRemoveGrants?: ((grants: readonly TenantWideGrant[]) => Promise<void>) | undefined;
}

const useStyles = makeStyles({
  compare: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(360px, 100%), 1fr))',
    gap: tokens.spacingHorizontalXXL,
    paddingBlockStart: tokens.spacingVerticalS,
  },
  part: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingVerticalXS,
    paddingBlockStart: tokens.spacingVerticalS,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The answer, then what it rests on, then what is under way. */
export function ScopeState({ scope, onRemoveGrants }: Props) {
  const styles = useStyles();
  const { scope: words } = useTexts();
  const titleOf = useChangeTitle();
  const { prove, dismiss } = useScopeCommands();
  const { change, intent, reach, gateway } = scope;
  const isOpen = change?.state === 'open';
  const proof = useScopeProof(scope.proof, isOpen ? change.id : undefined);
  const current = { ...scope, proof };
  const problems = scope.problems.filter(({ problem }) => problem !== 'union_trap');
  const surplus = intent && reach ? reach.reachable - intent.mailboxes : undefined;

  return (
    <>
      {hasLeak(current) && (
        <LeakBar
          proof={current.proof}
          list={intent?.list ?? 'allow'}
          actions={
            !current.proof.isSweep && (
              <Button disabledFocusable={prove.isPending} onClick={() => prove.mutate({ sweep: true })}>
                {words.actions.sweep}
              </Button>
            )
          }
        />
      )}
      <CommandErrorBar mutation={prove} />
      <CommandErrorBar mutation={dismiss} />
      <DriftBars drifts={scope.drifts} isPending={dismiss.isPending} onDismiss={(id) => dismiss.mutate(id)} />
      <Panel>
        <ReachLine reach={reach} />
        <UnionTrapBar scope={scope} />
        <div className={styles.compare}>
          <IntendedScope intent={intent} />
          <EnforcedScope enforced={scope.enforced} action={<ReadingAction gateway={gateway} />} />
        </div>
        {(surplus !== undefined || problems.length > 0) && (
          <div className={styles.part}>
            <Subtitle2Stronger as="h3">{words.difference.title}</Subtitle2Stronger>
            {surplus !== undefined && (
              <Text>
                {surplus > 0 && words.difference.more(surplus)}
                {surplus < 0 && words.difference.fewer(-surplus)}
                {surplus === 0 && words.difference.none}
              </Text>
            )}
            {problems.length > 0 && <ProblemList label={words.difference.title} problems={problems} />}
          </div>
        )}
      </Panel>
      {isOpen && <ScopeChangePanel change={change} proof={proof} gateway={gateway} onRemoveGrants={onRemoveGrants} />}
      {intent && !isOpen && (
        <Panel>
          <Subtitle2Stronger as="h3">{words.proof.title}</Subtitle2Stronger>
          <ProveStep proof={proof} />
        </Panel>
      )}
      {change && change.state !== 'open' && (
        <Text className={styles.quiet}>
          {words.change.done[change.state](titleOf(change))} · <Moment at={change.endedAt ?? change.createdAt} />
        </Text>
      )}
    </>
  );
}
