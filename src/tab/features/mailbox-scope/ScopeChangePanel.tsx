import { makeStyles, Subtitle2Stronger, Text, tokens } from '@fluentui/react-components';
import type { MailboxScope, ScopeChange, ScopeProof } from '../../../contract/mailbox-scope.ts';
import type { ScopeStep } from '../../../domain/mailbox-scope/scope-change.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ChangeStep } from './ChangeStep.tsx';
import { GiveUpButton } from './GiveUpButton.tsx';
import { GrantsStep, type TenantWideGrant } from './GrantsStep.tsx';
import { ProveStep } from './ProveStep.tsx';
import { ScriptStep } from './ScriptStep.tsx';
import { StepReport } from './StepReport.tsx';
import { WaitStep } from './WaitStep.tsx';

interface Props {
  readonly change: ScopeChange;
  readonly proof: ScopeProof | null;
  readonly gateway: MailboxScope['gateway'];
  readonly onRemoveGrants?: ((grants: readonly TenantWideGrant[]) => Promise<void>) | undefined;
}

const scripted: ReadonlySet<ScopeStep> = new Set(['make', 'prove_roles', 'remove_policies']);

const useStyles = makeStyles({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  words: { display: 'grid', gap: tokens.spacingVerticalXXS },
  steps: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', margin: 0, padding: 0, listStyleType: 'none' },
  body: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The open change as a list of steps; the one that is due has its action. */
export function ScopeChangePanel({ change, proof, gateway, onRemoveGrants }: Props) {
  const styles = useStyles();
  const { overview, scope } = useTexts();
  const words = scope.change;
  const title = useChangeTitle()(change);
  // A proof from before the change says nothing about it.
  const ownProof = proof && proof.startedAt >= change.createdAt ? proof : null;
  const hasMade = change.report.length > 0 || change.steps[0]?.state !== 'due';

  const isProving = ({ step }: ScopeChange['steps'][number]) =>
    step === 'prove_access' && ownProof?.state === 'running';
  // Where a script is next, the report stands beside it.
  const isScriptNext = change.steps.some(
    ({ step, state }) => scripted.has(step) && (state === 'due' || state === 'failed'),
  );

  const bodyOf = ({ step, state }: ScopeChange['steps'][number]) => {
    switch (step) {
      case 'make':
      case 'remove_assignments':
      case 'remove_policies':
        return (
          <div className={styles.body}>
            <Text>{words.text[step]}</Text>
            <ScriptStep change={change} purpose={step} gateway={gateway} />
          </div>
        );
      case 'prove_roles':
        return (
          <div className={styles.body}>
            <Text>{state === 'failed' ? words.failedRoles : words.notTested}</Text>
            <ScriptStep change={change} purpose="make" gateway={gateway} />
          </div>
        );
      case 'wait':
        return <WaitStep expectedBy={change.expectedBy} />;
      case 'remove_grants':
        return <GrantsStep change={change} isReadable={state !== 'waiting'} onRemoveGrants={onRemoveGrants} />;
      case 'prove_access':
        return <ProveStep proof={ownProof} isNext />;
    }
  };
  return (
    <Panel>
      <div className={styles.head}>
        <div className={styles.words}>
          <Subtitle2Stronger as="h3">{words.open(title)}</Subtitle2Stronger>
          <Text className={styles.quiet}>
            {words.planned(change.createdBy.displayName)} · <Moment at={change.createdAt} as="dateTime" />
          </Text>
        </div>
        <GiveUpButton changeId={change.id} hasMade={hasMade} />
      </div>
      <ol className={styles.steps} aria-label={words.steps}>
        {change.steps.map((step) => {
          const isActive = step.state === 'due' || step.state === 'failed' || step.state === 'waiting';
          return (
            <ChangeStep key={step.step} {...step} word={isActive && isProving(step) ? overview.running : undefined}>
              {isActive && bodyOf(step)}
            </ChangeStep>
          );
        })}
      </ol>
      {change.report.length > 0 && !isScriptNext && <StepReport report={change.report} isFolded />}
    </Panel>
  );
}

export function useChangeTitle(): (change: ScopeChange) => string {
  const { title } = useTexts().scope.change;
  return ({ kind, list, group }) => (kind === 'migrate' ? title.migrate : title[list](group.displayName));
}
