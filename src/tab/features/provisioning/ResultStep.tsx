import { Button, DialogActions, DialogContent, Text } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import type { StepProps } from './ProvisioningSteps.tsx';
import { StepHeading } from './StepHeading.tsx';
import { useStepStyles } from './step-styles.ts';
import { VerdictGroup } from './VerdictGroup.tsx';

const groups = ['added', 'ready', 'fixable', 'impossible', 'skipped'] as const;

/** What became of everybody; it stays to be read again, also from another page. */
export function ResultStep({ provisioning, connectivityLink, commands, onClose }: StepProps) {
  const styles = useStepStyles();
  const { addUsers: words, common } = useTexts();
  const { save } = commands;
  const { added } = provisioning;
  return (
    <>
      <DialogContent className={styles.content}>
        {save.error && <ErrorBar error={save.error} />}
        <StepHeading>{words.done.added(added)}</StepHeading>
        {added > 0 && (
          <Text>
            {words.done.next} {connectivityLink}
          </Text>
        )}
        {groups.map((group) => (
          <VerdictGroup key={group} provisioning={provisioning} group={group} />
        ))}
        <div className={styles.line}>
          <Button icon={<ArrowDownloadRegular />} disabledFocusable={save.isPending} onClick={() => save.mutate('all')}>
            {words.saveAll}
          </Button>
        </div>
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={onClose}>
          {common.close}
        </Button>
      </DialogActions>
    </>
  );
}
