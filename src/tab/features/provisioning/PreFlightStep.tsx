import { Button, Checkbox, DialogActions, DialogContent, Text } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { useState } from 'react';
import { addableVerdicts, groupOfVerdict } from '../../../domain/provisioning/row-verdict.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import type { StepProps } from './ProvisioningSteps.tsx';
import { StartOverButton } from './StartOverButton.tsx';
import { StepHeading } from './StepHeading.tsx';
import { useStepStyles } from './step-styles.ts';
import { VerdictGroup } from './VerdictGroup.tsx';

const groups = ['ready', 'fixable', 'impossible', 'skipped'] as const;

/** Everybody sorted by what can be expected, with causes, before anything changes; then the word to add. */
export function PreFlightStep({ provisioning, commands, onBack, onClose }: StepProps) {
  const styles = useStepStyles();
  const { addUsers: words, common } = useTexts();
  const [includesFixable, setIncludesFixable] = useState(false);
  const { apply, save } = commands;
  const { counts, total } = provisioning;
  const sumOf = (isCounted: (verdict: (typeof counts)[number]['verdict']) => boolean) =>
    counts.filter(({ verdict }) => isCounted(verdict)).reduce((sum, { count }) => sum + count, 0);
  const addable = (withFixable: boolean) => {
    const verdicts: readonly string[] = addableVerdicts(withFixable);
    return sumOf((verdict) => verdicts.includes(verdict));
  };
  const fixable = addable(true) - addable(false);
  const toAdd = addable(includesFixable);
  const needsAttention = sumOf((verdict) => groupOfVerdict(verdict) !== 'ready' && verdict !== 'already_here');
  const error = apply.error ?? save.error;
  return (
    <>
      <DialogContent className={styles.content}>
        {error && <ErrorBar error={error} />}
        <StepHeading>{words.preFlight}</StepHeading>
        <Text>{total === 0 ? words.nobodyFound : words.preFlightText(total)}</Text>
        {groups.map((group) => (
          <VerdictGroup key={group} provisioning={provisioning} group={group} />
        ))}
        {fixable > 0 && (
          <Checkbox
            label={words.includeFixable(fixable)}
            checked={includesFixable}
            onChange={(_, { checked }) => setIncludesFixable(checked === true)}
          />
        )}
        {needsAttention > 0 && (
          <div className={styles.line}>
            <Button
              icon={<ArrowDownloadRegular />}
              disabledFocusable={save.isPending}
              onClick={() => save.mutate('attention')}
            >
              {words.saveAttention}
            </Button>
          </div>
        )}
      </DialogContent>
      <DialogActions position="start" className={styles.count}>
        <Text role="status">{words.toAdd(toAdd)}</Text>
      </DialogActions>
      <DialogActions position="end">
        <Button
          appearance="primary"
          disabledFocusable={toAdd === 0 || apply.isPending}
          onClick={() => toAdd > 0 && apply.mutate(includesFixable)}
        >
          {words.add}
        </Button>
        <StartOverButton commands={commands} onBack={onBack} />
        <Button onClick={onClose}>{common.cancel}</Button>
      </DialogActions>
    </>
  );
}
