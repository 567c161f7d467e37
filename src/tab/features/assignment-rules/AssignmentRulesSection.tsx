import {
  Button,
  makeStyles,
  Spinner,
  Subtitle2Stronger,
  Text,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { type ReactNode, useState } from 'react';
import type { AssignmentRule, AssignmentRules } from '../../../contract/assignment-rules.ts';
import type { Organization } from '../../../contract/organizations.ts';
import type { UserId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { Section } from '../../ui/Section.tsx';
import { useToast } from '../../ui/toast.tsx';
import { AddRuleDialog } from './AddRuleDialog.tsx';
import { RuleItem, type RuleVerb } from './RuleItem.tsx';
import { RunResult } from './RunResult.tsx';
import { isGoingOn, useAssignmentRules, useRuleCommands } from './use-assignment-rules.ts';
import { useRuleName } from './use-rule-name.ts';

interface Props {
  readonly organization: Organization;
  readonly userLinkOf: (userId: UserId, name: string) => ReactNode;
}

const useStyles = makeStyles({
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  part: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The rules that lead to an organization: previewed, switched, and what they did last. */
export function AssignmentRulesSection({ organization, userLinkOf }: Props) {
  const { assignmentRules: words } = useTexts();
  const query = useAssignmentRules();
  const [isAdding, setAdding] = useState(false);
  const focusTarget = useRestoreFocusTarget();
  return (
    <Section
      title={words.title}
      anchor="rules"
      actions={
        <Button {...focusTarget} icon={<AddRegular />} onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      <QueryView query={query}>
        {(rules) => <RulesPanel organization={organization} known={rules} userLinkOf={userLinkOf} />}
      </QueryView>
      {isAdding && <AddRuleDialog organization={organization} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function RulesPanel({ organization, known, userLinkOf }: Props & { readonly known: AssignmentRules }) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.assignmentRules;
  const toast = useToast();
  const nameOf = useRuleName();
  const commands = useRuleCommands();
  const [deleting, setDeleting] = useState<AssignmentRule>();
  const { rules, lastRun, preview, everyMinutes } = known;
  const here = rules.filter(({ organizationId }) => organizationId === organization.id);
  const previewed = preview ? here.find(({ id }) => id === preview.ruleId) : undefined;
  // What a rule would do says nothing any more once it was done.
  const isDone = preview !== null && lastRun !== null && lastRun.createdAt > preview.createdAt;
  const { update, remove, preview: previewing, applyNow } = commands;
  const error = update.error ?? previewing.error ?? applyNow.error;
  const isPending = update.isPending || previewing.isPending;

  const run = (rule: AssignmentRule, verb: RuleVerb) => {
    for (const command of [update, previewing, applyNow]) command.reset();
    const params = { ruleId: rule.id };
    const changed = { onSuccess: () => toast(words.changedIsOff, { intent: 'info' }) };
    switch (verb) {
      case 'preview':
        return previewing.mutate(rule.id);
      case 'switch': {
        const said = rule.isOn ? words.switchedOff : words.switchedOn;
        return update.mutate({ params, body: { isOn: !rule.isOn } }, { onSuccess: () => toast(said) });
      }
      case 'earlier':
      case 'later':
        return update.mutate({ params, body: { move: verb } }, changed);
      case 'handPlaced':
        return update.mutate({ params, body: { movesHandPlaced: !rule.movesHandPlaced } }, changed);
      case 'delete':
        return setDeleting(rule);
    }
  };
  return (
    <Panel>
      <Text className={styles.quiet}>{words.intro}</Text>
      {error && <ErrorBar error={error} />}
      {here.length === 0 && <Text>{words.none}</Text>}
      {here.length > 0 && (
        <ul className={styles.list} aria-label={words.list}>
          {here.map((rule) => (
            <RuleItem
              key={rule.id}
              rule={rule}
              position={rules.indexOf(rule) + 1}
              total={rules.length}
              isPreviewed={rule === previewed && preview?.state === 'completed' && preview.isCurrent}
              isPending={isPending}
              onVerb={(verb) => run(rule, verb)}
            />
          ))}
        </ul>
      )}
      {preview && previewed && !isDone && (
        <div className={styles.part} role="status" aria-busy={isGoingOn(preview)}>
          <Subtitle2Stronger as="h3">{words.previewTitle(nameOf(previewed))}</Subtitle2Stronger>
          {isGoingOn(preview) ? (
            <Spinner size="small" labelPosition="after" label={words.reading} />
          ) : (
            <>
              {!preview.isCurrent && !previewed.isOn && <Text>{words.previewStale}</Text>}
              <RunResult
                run={preview}
                rules={rules}
                label={words.outcomesOfPreview}
                nothing={words.previewEmpty}
                userLinkOf={userLinkOf}
              />
            </>
          )}
        </div>
      )}
      {rules.length > 0 && (
        <div className={styles.part} aria-busy={isGoingOn(lastRun)}>
          <div className={styles.head}>
            <Subtitle2Stronger as="h3">{words.lastRun}</Subtitle2Stronger>
            {rules.some(({ isOn }) => isOn) && (
              <Button
                size="small"
                disabledFocusable={applyNow.isPending || isGoingOn(lastRun)}
                onClick={() => applyNow.mutate()}
              >
                {words.runNow}
              </Button>
            )}
          </div>
          {!lastRun && <Text>{words.neverRun}</Text>}
          {isGoingOn(lastRun) && <Spinner size="small" labelPosition="after" label={words.reading} />}
          {lastRun?.finishedAt && (
            <>
              <Text className={styles.quiet}>
                <Moment at={lastRun.finishedAt} />, {words.ran(lastRun.startedBy)}. {words.every(everyMinutes)}
              </Text>
              <RunResult
                run={lastRun}
                organizationId={organization.id}
                rules={rules}
                label={words.outcomesHere}
                nothing={words.inStep}
                userLinkOf={userLinkOf}
              />
            </>
          )}
        </div>
      )}
      <ConfirmDialog
        open={deleting !== undefined}
        title={words.deleteTitle}
        text={deleting ? words.deleteText(nameOf(deleting)) : ''}
        action={words.delete}
        isPending={remove.isPending}
        error={remove.error}
        onCancel={() => setDeleting(undefined)}
        onConfirm={() => {
          if (!deleting) return;
          remove.mutate(deleting.id, {
            onSuccess: () => {
              setDeleting(undefined);
              toast(words.deleted);
            },
          });
        }}
      />
    </Panel>
  );
}
