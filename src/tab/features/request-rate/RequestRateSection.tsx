import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { RequestRate } from '../../../contract/request-rate.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { SavedNumberField } from '../../ui/SavedNumberField.tsx';
import { Section } from '../../ui/Section.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useRequestRate } from './use-request-rate.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** How fast Microsoft Graph is asked: what was measured, and the most that an admin allows. */
export function RequestRateSection() {
  const styles = useStyles();
  const { requestRate: words } = useTexts();
  const toast = useToast();
  const { rate, setCeiling } = useRequestRate();
  return (
    <Section title={words.title} anchor="request-rate">
      <QueryView query={rate}>
        {({ ceiling, operatorCeiling, learnt }) => (
          <Panel>
            <div className={styles.root}>
              <LearntRate learnt={learnt} />
              {setCeiling.error && <ErrorBar error={setCeiling.error} />}
              <SavedNumberField
                label={words.ceiling}
                hint={words.hint}
                invalid={words.invalid(operatorCeiling)}
                value={ceiling}
                min={1}
                max={Math.floor(operatorCeiling)}
                mayBeEmpty
                isSaving={setCeiling.isPending}
                onSave={(wanted) => setCeiling.mutate(wanted, { onSuccess: () => toast(words.saved) })}
              />
            </div>
          </Panel>
        )}
      </QueryView>
    </Section>
  );
}

function LearntRate({ learnt }: Pick<RequestRate, 'learnt'>) {
  const styles = useStyles();
  const { requestRate: words } = useTexts();
  const format = useFormat();
  if (!learnt) return <Text className={styles.quiet}>{words.nothingLearnt}</Text>;
  const perSecond = format.rate(learnt.requestsPerSecond);
  return (
    <Text className={styles.quiet}>
      {learnt.isLimit ? words.limit(perSecond) : words.reached(perSecond)} <Moment at={learnt.learntAt} />
    </Text>
  );
}
